#include <algorithm>
#include <array>
#include <cmath>

#include "processors/analysis/hops.h"
#include "processors/analysis/sliding_window.h"
#include "processors/core/decibels.h"
#include "processors/core/restriction.h"
#include "processors/core/state.h"

namespace patchbay {
namespace {

constexpr float kFloorDb = -120;
constexpr float kLoudest = 1e18f;  // its square, of 64 channels, is finite

struct Part {
  double power = 0;  // sum over frames and channels
  float peak = 0;
};

// Sums and maxima over channels first, then over frames one after the other: the same bits however
// the frames are cut into calls.
void Measure(ConstBlock in, Part& part) {
  std::array<float, kMaxFrames> powers = {}, peaks = {};
  const int num_frames = in.num_frames();
  for (int c = 0; c < in.num_channels(); ++c) {
    const float* samples = in.channel(c).data();
    for (int i = 0; i < num_frames; ++i) {
      const float magnitude = std::abs(samples[i]);
      const float bounded = magnitude < kLoudest ? magnitude : kLoudest;
      powers[i] += bounded * bounded;
      peaks[i] = peaks[i] > magnitude ? peaks[i] : magnitude;
    }
  }
  for (int i = 0; i < num_frames; ++i) {
    part.power += powers[i];
    part.peak = std::max(part.peak, peaks[i]);
  }
}

float Decibels(double ratio) {
  return std::max(kFloorDb, static_cast<float>(RatioToDecibels(std::max(ratio, 1e-10))));
}

struct Level {
  void operator()(ConstBlock in, ControlOutput peak, ControlOutput rms, Meta meta,
                  double window_seconds) {
    const int64_t part_frames =
        SlidingWindow<Part>::PartFrames(window_seconds, meta.sample_rate_hz);
    CutAtHops(
        meta.position_frames, in.num_frames(), part_frames,
        [&](int first, int count) {
          Measure(in.Frames(first, count), window.current());
          std::ranges::fill(peak.subspan(first, count), peak_db);
          std::ranges::fill(rms.subspan(first, count), rms_db);
        },
        [&] {
          window.Move();
          Part all;
          for (const Part& part : window.parts()) {
            all.power += part.power;
            all.peak = std::max(all.peak, part.peak);
          }
          const double samples =
              static_cast<double>(part_frames) * window.kNumParts * in.num_channels();
          peak_db = Decibels(all.peak);
          rms_db = Decibels(std::sqrt(all.power / samples));
        });
  }

  void Archive(StateArchive& archive) {
    window.Archive(archive, [&archive](Part& part) {
      archive.Value(part.power);
      archive.Value(part.peak);
    });
    archive.Value(peak_db);
    archive.Value(rms_db);
  }

  SlidingWindow<Part> window;
  float peak_db = kFloorDb;
  float rms_db = kFloorDb;
};

const Restriction kLevel(
    Level(),
    {.name = "level",
     .summary = "Measures peak and RMS level in dBFS.",
     .doc = "The greatest magnitude of a sample, and the root of the mean power, of all channels "
            "together over the last window_seconds. 0 dB is an amplitude of 1 for both: a sine of "
            "full scale has a peak of 0 dB and an RMS of -3.01 dB. Silence is -120 dB. A new value "
            "every 32nd of the window, held in between; the window is rounded up to 32 whole steps "
            "and ends with the last step, so that there is no latency.",
     .category = "analysis",
     .example = "level(window_seconds=0.3)",
     .control_outputs = {{.name = "peak_db",
                          .unit = Unit::kDecibels,
                          .doc = "Sample peak of the loudest channel, dBFS."},
                         {.name = "rms_db",
                          .unit = Unit::kDecibels,
                          .doc = "RMS of all channels together, dB re amplitude 1."}},
     .parameters = {{.name = "window_seconds",
                     .unit = Unit::kSeconds,
                     .minimum = 0.001,
                     .maximum = 60,
                     .default_value = 0.3,
                     .mapping = Mapping::kLogarithmic,
                     .doc = "How much audio is measured; 0.3 s is like a VU meter."}}});

}  // namespace
}  // namespace patchbay
