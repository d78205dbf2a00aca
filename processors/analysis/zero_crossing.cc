#include <algorithm>
#include <array>

#include "processors/analysis/hops.h"
#include "processors/analysis/sliding_window.h"
#include "processors/core/restriction.h"
#include "processors/core/state.h"

namespace patchbay {
namespace {

constexpr int kMaxChannels = 64;

int CountCrossings(std::span<const float> samples, float before) {
  int crossings = (before < 0) != (samples[0] < 0);
  for (size_t i = 1; i < samples.size(); ++i) {
    crossings += (samples[i - 1] < 0) != (samples[i] < 0);
  }
  return crossings;
}

struct ZeroCrossing {
  void operator()(ConstBlock in, ControlOutput rate, Meta meta, double window_seconds) {
    const int64_t part_frames =
        SlidingWindow<double>::PartFrames(window_seconds, meta.sample_rate_hz);
    CutAtHops(
        meta.position_frames, in.num_frames(), part_frames,
        [&](int first, int count) {
          for (int c = 0; c < in.num_channels(); ++c) {
            const std::span<const float> samples = in.channel(c).subspan(first, count);
            window.current() += CountCrossings(samples, last[c]);
            last[c] = samples.back();
          }
          std::ranges::fill(rate.subspan(first, count), rate_hz);
        },
        [&] {
          window.Move();
          double crossings = 0;
          for (const double part : window.parts()) crossings += part;
          const double frames = static_cast<double>(part_frames) * window.kNumParts;
          rate_hz =
              static_cast<float>(crossings / in.num_channels() / frames * meta.sample_rate_hz);
        });
  }

  void Archive(StateArchive& archive) {
    window.Archive(archive, [&archive](double& crossings) { archive.Value(crossings); });
    archive.Values(last);
    archive.Value(rate_hz);
  }

  SlidingWindow<double> window;  // crossings in all channels
  std::array<float, kMaxChannels> last = {};
  float rate_hz = 0;
};

const Restriction kZeroCrossing(
    ZeroCrossing(),
    {.name = "zero_crossing",
     .summary = "Counts how often audio crosses zero.",
     .doc = "Changes of sign from a frame to the next, per second, over the last window_seconds, "
            "in the mean of the channels; zero counts as positive. A sine crosses zero at twice "
            "its frequency; noise and consonants cross often, bass and vowels seldom. A new value "
            "every 32nd of the window, held in between; the window is rounded up to 32 whole steps "
            "and ends with the last step, so that there is no latency. After Kedem, Spectral "
            "Analysis and Discrimination by Zero-Crossings, Proc. IEEE 74(11), 1986.",
     .category = "analysis",
     .example = "zero_crossing(window_seconds=0.05)",
     .control_outputs = {{.name = "rate_hz",
                          .unit = Unit::kHertz,
                          .doc = "Crossings per second, both up and down."}},
     .parameters = {{.name = "window_seconds",
                     .unit = Unit::kSeconds,
                     .minimum = 0.001,
                     .maximum = 60,
                     .default_value = 0.05,
                     .mapping = Mapping::kLogarithmic,
                     .doc = "How much audio is counted."}}});

}  // namespace
}  // namespace patchbay
