#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>

#include "absl/strings/str_cat.h"
#include "processors/analysis/frame_history.h"
#include "processors/analysis/hops.h"
#include "processors/analysis/yin.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

constexpr int kThreshold = 2;  // position in the parameter table
constexpr int kMinLag = 4;     // the dip of a shorter period is too narrow

struct PitchMemory {
  explicit PitchMemory(const Yin& yin, int max_lag)
      : history(Yin::WindowFrames(max_lag)), scratch(yin) {}

  void Archive(StateArchive& archive) {
    history.Archive(archive);
    archive.Value(frequency_hz);
    archive.Value(confidence);
  }

  FrameHistory history;
  float frequency_hz = 0;
  float confidence = 0;
  Yin::Scratch scratch;
};

class Pitch final : public NativeProcessor<Pitch, PitchMemory> {
 public:
  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Pitch(parameters, format));
  }

  PitchMemory NewMemory() const { return PitchMemory(yin_, max_lag_); }

  void Run(const ProcessIo& io, PitchMemory& memory) const {
    CutAtHops(
        io.position_frames, io.num_frames, hop_frames_,
        [&](int first, int count) {
          memory.history.Push(io.ins[0].Frames(first, count));
          std::ranges::fill(io.control_outs[0].subspan(first, count), memory.frequency_hz);
          std::ranges::fill(io.control_outs[1].subspan(first, count), memory.confidence);
        },
        [&] { Analyse(io.controls[kThreshold].constant(), memory); });
  }

 private:
  Pitch(const Parameters& parameters, const StreamFormat& format)
      : sample_rate_hz_(static_cast<float>(format.sample_rate_hz)),
        hop_frames_(HopFrames(parameters, format)),
        max_lag_(MaxLag(parameters, format)),
        yin_(MinLag(parameters, format), max_lag_) {}

  static int HopFrames(const Parameters& parameters, const StreamFormat& format) {
    const double frames = std::round(parameters.number("hop_seconds") * format.sample_rate_hz);
    return std::max(1, static_cast<int>(frames));
  }

  static int MinLag(const Parameters& parameters, const StreamFormat& format) {
    const double frames = std::floor(format.sample_rate_hz / parameters.number("maximum_hz"));
    return std::max(kMinLag, static_cast<int>(frames));
  }

  static int MaxLag(const Parameters& parameters, const StreamFormat& format) {
    return static_cast<int>(std::ceil(format.sample_rate_hz / parameters.number("minimum_hz"))) + 1;
  }

  void Analyse(float threshold, PitchMemory& memory) const {
    const Yin::Estimate estimate = yin_.Analyse(memory.history, threshold, memory.scratch);
    const bool is_voiced = estimate.period_frames > 0;
    memory.frequency_hz = is_voiced ? sample_rate_hz_ / estimate.period_frames : 0;
    memory.confidence = std::clamp(1 - estimate.aperiodicity, 0.0f, 1.0f);
  }

  const float sample_rate_hz_;
  const int hop_frames_;
  const int max_lag_;
  const Yin yin_;
};

absl::StatusOr<Layout> Pitch::Plan(const Parameters& parameters, const StreamFormat& format) {
  const double highest_hz = std::min(parameters.number("maximum_hz"),
                                     static_cast<double>(format.sample_rate_hz) / kMinLag);
  if (parameters.number("minimum_hz") >= highest_hz) {
    return parameters.Error(
        "minimum_hz", absl::StrCat("must be below ", highest_hz,
                                   " Hz, the lesser of maximum_hz and a quarter of the sample "
                                   "rate: choose a lower one"));
  }
  const int64_t window_frames = Yin::WindowFrames(MaxLag(parameters, format));
  const int64_t fft_frames = Yin::FftFrames(MaxLag(parameters, format));
  constexpr int64_t kFloat = sizeof(float);
  constexpr int64_t kSpectrumEnds = 4 * kFloat;  // two spectra have a bin more than half
  return Layout{.latency_frames = (window_frames + HopFrames(parameters, format)) / 2,
                .state_bytes = static_cast<int64_t>(sizeof(PitchMemory)) + kSpectrumEnds +
                               kFloat * (3 * fft_frames + 2 * window_frames),
                .shared_bytes = kFloat * window_frames};
}

ProcessorSpec Pitch::Spec() {
  return {
      .name = "pitch",
      .summary =
          "Measures the fundamental frequency of a voice or of an instrument that plays "
          "single notes.",
      .doc =
          "YIN, every hop_seconds, on the mean of the channels: the first dip below threshold "
          "of the difference between the sound and itself one period later, normalised by its "
          "mean over shorter periods, found by FFT and interpolated by a parabola; the dips at "
          "2, 4, 8... periods then make it more exact. Within 5 cents for steady tones. It "
          "looks at two of the longest periods, so that a higher minimum_hz is faster and less "
          "late. The latency is half of what it looks at and half a hop, so that values, held "
          "between hops, stand for its middle. maximum_hz is held at a quarter of the sample "
          "rate. After de Cheveigne & Kawahara, YIN, a Fundamental Frequency Estimator for "
          "Speech and Music, JASA 111(4), 2002.",
      .category = "analysis",
      .example = "pitch(minimum_hz=60, maximum_hz=1000)",
      .outputs = {},
      .control_outputs = {{.name = "frequency_hz",
                           .unit = Unit::kHertz,
                           .doc = "The fundamental frequency; 0 while there is none."},
                          {.name = "confidence",
                           .doc = "1 for a perfect period, 0 for noise or silence."}},
      .parameters = {{.name = "minimum_hz",
                      .unit = Unit::kHertz,
                      .minimum = 20,
                      .maximum = 5000,
                      .default_value = 50,
                      .mapping = Mapping::kLogarithmic,
                      .doc = "The lowest frequency to look for."},
                     {.name = "maximum_hz",
                      .unit = Unit::kHertz,
                      .minimum = 40,
                      .maximum = 10000,
                      .default_value = 2000,
                      .mapping = Mapping::kLogarithmic,
                      .doc = "The highest frequency to look for."},
                     {.name = "threshold",
                      .minimum = 0.01,
                      .maximum = 1,
                      .default_value = 0.15,
                      .rate = Rate::kBlock,
                      .doc = "How imperfect a period may be: 1 - threshold is the least confidence "
                             "of a pitch. Lower: more is taken for noise; higher: more octave "
                             "errors."},
                     {.name = "hop_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0.001,
                      .maximum = 1,
                      .default_value = 0.01,
                      .mapping = Mapping::kLogarithmic,
                      .doc = "Time from one measurement to the next."}},
  };
}

const Registration<Pitch> kPitch;

}  // namespace
}  // namespace patchbay
