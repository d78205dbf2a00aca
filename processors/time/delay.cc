#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

#include "absl/strings/str_cat.h"
#include "processors/core/registry.h"
#include "processors/time/delay_echoes.h"
#include "processors/time/delay_line.h"
#include "processors/time/delay_tap.h"
#include "processors/time/delay_taps.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kDelay, kFeedback, kMix };

constexpr int64_t kMaxStateBytes = int64_t{1} << 30;
constexpr double kMaxTailSeconds = 60;
constexpr double kSilence = 0.001;  // -60 dB
constexpr double kMinAutomaticSeconds = 0.1;

class Delay final : public NativeProcessor<Delay, DelayLine> {
 public:
  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Delay(parameters, format));
  }

  DelayLine NewMemory() const { return DelayLine(num_channels_, max_frames_); }

  void Run(const ProcessIo& io, DelayLine& line) const {
    Copy(io.ins[0], io.outs[0]);
    AddEchoes(range_, io.controls[kDelay], io.controls[kFeedback], io.controls[kMix], io.outs[0],
              line);
  }

 private:
  Delay(const Parameters& parameters, const StreamFormat& format)
      : num_channels_(format.input_channels[0]),
        max_frames_(MaxFrames(parameters, format)),
        range_{static_cast<double>(format.sample_rate_hz), static_cast<double>(format.loop_frames),
               static_cast<double>(max_frames_)} {}

  // The longest delay that there will be memory for.
  static int64_t MaxFrames(const Parameters& parameters, const StreamFormat& format) {
    const double initial = parameters.number("delay_seconds");
    double seconds = parameters.number("max_delay_seconds");
    if (seconds == 0) {
      seconds = std::min(std::max(2 * initial, kMinAutomaticSeconds),
                         parameters.spec().parameters[kDelay].maximum);
    }
    return static_cast<int64_t>(std::ceil(seconds * format.sample_rate_hz));
  }

  const int num_channels_;
  const int64_t max_frames_;
  const DelayRange range_;
};

absl::StatusOr<Layout> Delay::Plan(const Parameters& parameters, const StreamFormat& format) {
  const double delay_seconds = parameters.number("delay_seconds");
  const double max_delay_seconds = parameters.number("max_delay_seconds");
  if (max_delay_seconds > 0 && max_delay_seconds < delay_seconds) {
    return parameters.Error(
        "max_delay_seconds",
        absl::StrCat("must be 0 or at least delay_seconds, ", delay_seconds, " s"));
  }
  const int channels = format.input_channels[0];
  const int64_t state_bytes = static_cast<int64_t>(2 * sizeof(void*) + sizeof(DelayLine)) +
                              DelayLine::Bytes(channels, MaxFrames(parameters, format));
  if (state_bytes > kMaxStateBytes) {
    return parameters.Error(max_delay_seconds > 0 ? "max_delay_seconds" : "delay_seconds",
                            absl::StrCat("needs ", state_bytes, " bytes for ", channels,
                                         " channels at ", format.sample_rate_hz, " Hz, at most ",
                                         kMaxStateBytes, " are allowed: choose a shorter delay"));
  }
  // What is fed back must pass the line, once.
  const bool closes_loop = parameters.number("mix") == 1 && parameters.number("feedback") == 0;
  const double frames = DelayFrames(static_cast<float>(delay_seconds), format.sample_rate_hz);
  // Echo k = 1, 2, ... has the amplitude feedback^(k - 1).
  const double feedback = parameters.number("feedback");
  const double more_echoes = feedback > 0 ? std::floor(std::log(kSilence) / std::log(feedback)) : 0;
  const double tail = std::ceil(frames) + more_echoes * std::max(std::ceil(frames), 1.0);
  return Layout{.output_channels = {channels},
                .tail_frames = static_cast<int64_t>(
                    std::min(tail, std::ceil(kMaxTailSeconds * format.sample_rate_hz))),
                .state_bytes = state_bytes,
                .loop_frames = closes_loop ? static_cast<int64_t>(frames) : 0};
}

ProcessorSpec Delay::Spec() {
  return {
      .name = "delay",
      .summary = "Repeats the audio after a time: echo, slapback, and, moving, chorus or flanger.",
      .doc =
          "A delay line with feedback. A whole number of frames is exact; between frames it "
          "interpolates with cubic Lagrange polynomials (Laakso et al., Splitting the Unit "
          "Delay, IEEE Signal Processing Magazine 13(1), 1996), linear below two frames. A "
          "moving delay_seconds bends the pitch like a tape. Echoes follow one another at a "
          "distance of at least one frame. The tail lasts until the echoes are 60 dB softer, at "
          "most 60 s. In a graph it may close a loop, with mix=1, feedback=0 and a delay of at "
          "least 256 frames.",
      .category = "time",
      .example = "delay(delay_seconds=0.25, feedback=0.4)",
      .in_place = true,
      .may_close_loop = true,
      .parameters =
          {{.name = "delay_seconds",
            .unit = Unit::kSeconds,
            .minimum = 0,
            .maximum = 30,
            .default_value = 0.25,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.05,
            .doc = "Time to the first echo. Held at max_delay_seconds when it moves beyond."},
           {.name = "feedback",
            .minimum = 0,
            .maximum = 0.99,
            .default_value = 0.3,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.01,
            .doc = "Amplitude of each echo relative to the one before; 0: a single echo."},
           {.name = "mix",
            .minimum = 0,
            .maximum = 1,
            .default_value = 0.5,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.01,
            .doc = "0: only the audio, 1: only the echoes."},
           {.name = "max_delay_seconds",
            .unit = Unit::kSeconds,
            .minimum = 0,
            .maximum = 30,
            .default_value = 0,
            .doc = "The longest delay to have memory for, when delay_seconds is to move. 0: twice "
                   "the initial delay_seconds, at least 0.1 s."}},
  };
}

const Registration<Delay> kDelayRegistration;

}  // namespace
}  // namespace patchbay
