#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/registry.h"
#include "processors/time/delay_tap.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kDelay, kFeedback, kMix };

constexpr int64_t kMaxStateBytes = int64_t{1} << 30;
constexpr double kMaxTailSeconds = 60;
constexpr double kSilence = 0.001;  // -60 dB
constexpr double kMinAutomaticSeconds = 0.1;

// Far above any audio; keeps feedback and interpolation of absurd input from overflowing.
constexpr float kLoudest = 1e37f;

// The line is longer than the delay by what one call writes, so that a call's reads and writes
// never overlap, and by what interpolation needs on both sides.
constexpr int64_t kMarginFrames = kMaxFrames + 4;

// So many frames from the line's start are repeated behind its end: the four frames around any
// position are contiguous.
constexpr int64_t kRepeatedFrames = 3;

struct DelayMemory {
  void Archive(StateArchive& archive) {
    archive.Index(write, line_frames);
    archive.Values(lines);
  }

  int64_t line_frames = 0;
  int64_t write = 0;         // where the next frame goes
  std::vector<float> lines;  // per channel line_frames + kRepeatedFrames
};

float Bounded(float sample) {
  sample = sample < kLoudest ? sample : kLoudest;
  return sample > -kLoudest ? sample : -kLoudest;
}

float Mixed(float dry, float wet, float mix) { return dry * (1 - mix) + wet * mix; }

// A control with the same value in all frames, read like an array.
struct Same {
  float operator[](int) const { return value; }
  Same operator+(int) const { return *this; }
  float value;
};

// Several frames of one channel, none of which is part of what is read. delayed(i) is what comes
// out of the delay line; what goes in is written from `line`.
template <typename Delayed, typename Values>
void EchoRun(Delayed delayed, Values feedback, Values mix, int num_frames, float* line,
             float* audio) {
  for (int i = 0; i < num_frames; ++i) {
    const float wet = delayed(i);
    const float dry = audio[i];
    line[i] = Bounded(dry + feedback[i] * wet);
    audio[i] = Mixed(dry, wet, mix[i]);
  }
}

class Delay final : public NativeProcessor<Delay, DelayMemory> {
 public:
  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Delay(parameters, format));
  }

  DelayMemory NewMemory() const {
    return {.line_frames = line_frames_, .lines = std::vector<float>(LineSamples())};
  }

  void Run(const ProcessIo& io, DelayMemory& memory) const {
    Copy(io.ins[0], io.outs[0]);
    const Control& feedback = io.controls[kFeedback];
    const Control& mix = io.controls[kMix];
    if (feedback.is_constant() && mix.is_constant()) {
      RunWith(io, Same{feedback.constant()}, Same{mix.constant()}, memory);
      return;
    }
    float feedback_scratch[kMaxFrames], mix_scratch[kMaxFrames];
    RunWith(io, PerFrame(feedback, io.num_frames, feedback_scratch),
            PerFrame(mix, io.num_frames, mix_scratch), memory);
  }

 private:
  Delay(const Parameters& parameters, const StreamFormat& format)
      : num_channels_(format.input_channels[0]),
        sample_rate_hz_(format.sample_rate_hz),
        loop_frames_(static_cast<double>(format.loop_frames)),
        max_frames_(MaxFrames(parameters, format)),
        line_frames_(max_frames_ + kMarginFrames) {}

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

  int64_t LineSamples() const { return num_channels_ * (line_frames_ + kRepeatedFrames); }

  static const float* PerFrame(const Control& control, int num_frames, float* scratch) {
    if (!control.is_constant()) return control.values().data();
    std::fill_n(scratch, num_frames, control.constant());
    return scratch;
  }

  // A delay in frames. A float holds most times only nearly: what it cannot tell from a whole
  // number of frames is one.
  static double Frames(float seconds, double sample_rate_hz) {
    const double frames = seconds * sample_rate_hz;
    const double nearest = static_cast<double>(std::lrint(frames));
    return std::abs(frames - nearest) <= frames * 0x1p-23 ? nearest : frames;
  }

  DelayTap TapFor(float seconds) const {
    const double frames = Frames(seconds, sample_rate_hz_) - loop_frames_;
    return DelayTap(std::clamp(frames, 0.0, static_cast<double>(max_frames_)));
  }

  // Where the oldest of a tap's four frames is.
  int64_t ReadPosition(const DelayTap& tap, int64_t write) const {
    return write - tap.oldest + (write < tap.oldest ? line_frames_ : 0);
  }

  template <typename Values>
  void RunWith(const ProcessIo& io, Values feedback, Values mix, DelayMemory& memory) const;

  int FixedRun(const DelayTap& tap, int64_t write, int num_frames) const;
  int MovingRun(const DelayTap* taps, int64_t write, int num_frames) const;

  // A single frame, for the shortest delays.
  void EchoFrame(const DelayTap& tap, float feedback, float mix, int64_t write, float* line,
                 float& audio) const;

  const int num_channels_;
  const double sample_rate_hz_;
  const double loop_frames_;  // by which the input comes late already
  const int64_t max_frames_;
  const int64_t line_frames_;
};

// The number of frames, at most num_frames, for which reading and writing go on without wrapping
// around, and what is read is known; 0 if not even one.
int Delay::FixedRun(const DelayTap& tap, int64_t write, int num_frames) const {
  return static_cast<int>(std::clamp<int64_t>(
      std::min({tap.known_frames(), line_frames_ - write, line_frames_ - ReadPosition(tap, write)}),
      0, num_frames));
}

// The same for a tap per frame; only writing needs to be contiguous.
int Delay::MovingRun(const DelayTap* taps, int64_t write, int num_frames) const {
  const int most = static_cast<int>(std::min<int64_t>(num_frames, line_frames_ - write));
  int run = 0;
  while (run < most && taps[run].known_frames() > run) ++run;
  return run;
}

void Delay::EchoFrame(const DelayTap& tap, float feedback, float mix, int64_t write, float* line,
                      float& audio) const {
  const float dry = audio;
  const float* delayed = line + ReadPosition(tap, write);
  const auto store = [&](float sample) {
    line[write] = sample;
    if (write < kRepeatedFrames) line[line_frames_ + write] = sample;
  };
  float wet;
  if (tap.oldest > 2) {
    wet = tap.Read(delayed);
    store(Bounded(dry + feedback * wet));
  } else {
    // Less than a frame: this frame is itself part of what is read, but is fed back in the next.
    store(Bounded(dry + feedback * line[write > 0 ? write - 1 : line_frames_ - 1]));
    wet = tap.Read(delayed);
  }
  audio = Mixed(dry, wet, mix);
}

template <typename Values>
void Delay::RunWith(const ProcessIo& io, Values feedback, Values mix, DelayMemory& memory) const {
  const Control& delay = io.controls[kDelay];
  const bool is_fixed = delay.is_constant();
  DelayTap taps[kMaxFrames];
  for (int i = 0; i < (is_fixed ? 1 : io.num_frames); ++i) taps[i] = TapFor(delay[i]);
  float wet[kMaxFrames];

  for (int done = 0; done < io.num_frames;) {
    const DelayTap* tap = is_fixed ? taps : taps + done;
    const int64_t write = memory.write;
    const int left = io.num_frames - done;
    const int run = is_fixed ? FixedRun(*tap, write, left) : MovingRun(tap, write, left);
    const int count = std::max(run, 1);
    for (int c = 0; c < num_channels_; ++c) {
      float* line = memory.lines.data() + c * (line_frames_ + kRepeatedFrames);
      float* audio = io.outs[0].channel(c).data() + done;
      const auto echo = [&](auto delayed) {
        EchoRun(delayed, feedback + done, mix + done, run, line + write, audio);
      };
      if (run == 0) {
        EchoFrame(*tap, feedback[done], mix[done], write, line, *audio);
      } else if (!is_fixed) {
        for (int i = 0; i < run; ++i) wet[i] = tap[i].Read(line + ReadPosition(tap[i], write + i));
        echo([&wet](int i) { return wet[i]; });
      } else if (tap->is_whole) {
        echo([p = line + ReadPosition(*tap, write) + 2](int i) { return p[i]; });
      } else {
        echo([p = line + ReadPosition(*tap, write), weights = tap->weights](int i) {
          return InterpolateDelay(p + i, weights);
        });
      }
      for (int64_t i = write; i < std::min(write + count, kRepeatedFrames); ++i) {
        line[line_frames_ + i] = line[i];
      }
    }
    memory.write = write + count < line_frames_ ? write + count : 0;
    done += count;
  }
}

absl::StatusOr<Layout> Delay::Plan(const Parameters& parameters, const StreamFormat& format) {
  const double delay_seconds = parameters.number("delay_seconds");
  const double max_delay_seconds = parameters.number("max_delay_seconds");
  if (max_delay_seconds > 0 && max_delay_seconds < delay_seconds) {
    return parameters.Error(
        "max_delay_seconds",
        absl::StrCat("must be 0 or at least delay_seconds, ", delay_seconds, " s"));
  }
  const int channels = format.input_channels[0];
  const int64_t line_bytes = static_cast<int64_t>(sizeof(float)) *
                             (MaxFrames(parameters, format) + kMarginFrames + kRepeatedFrames);
  const int64_t state_bytes =
      static_cast<int64_t>(2 * sizeof(void*) + sizeof(DelayMemory)) + channels * line_bytes;
  if (state_bytes > kMaxStateBytes) {
    return parameters.Error(max_delay_seconds > 0 ? "max_delay_seconds" : "delay_seconds",
                            absl::StrCat("needs ", state_bytes, " bytes for ", channels,
                                         " channels at ", format.sample_rate_hz, " Hz, at most ",
                                         kMaxStateBytes, " are allowed: choose a shorter delay"));
  }
  // What is fed back must pass the line, once.
  const bool closes_loop = parameters.number("mix") == 1 && parameters.number("feedback") == 0;
  const int64_t whole_frames =
      static_cast<int64_t>(Frames(static_cast<float>(delay_seconds), format.sample_rate_hz));
  // Echo k = 1, 2, ... has the amplitude feedback^(k - 1).
  const double feedback = parameters.number("feedback");
  const double frames = std::ceil(Frames(static_cast<float>(delay_seconds), format.sample_rate_hz));
  const double more_echoes = feedback > 0 ? std::floor(std::log(kSilence) / std::log(feedback)) : 0;
  const double tail = frames + more_echoes * std::max(frames, 1.0);
  return Layout{.output_channels = {channels},
                .tail_frames = static_cast<int64_t>(
                    std::min(tail, std::ceil(kMaxTailSeconds * format.sample_rate_hz))),
                .state_bytes = state_bytes,
                .loop_frames = closes_loop ? whole_frames : 0};
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
