#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "processors/control/control_processor.h"
#include "processors/core/fast_math.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kAttack, kDecay, kSustain, kRelease, kGate };

enum Stage { kIdle, kAttacking, kDecaying, kSustaining, kReleasing, kNumStages };

// The way through a stage, in units of 2^-62: whole numbers, so that adding is exact.
constexpr int64_t kWholeWay = int64_t{1} << 62;

struct AdsrMemory {
  void Archive(StateArchive& archive) {
    archive.Index(stage, kNumStages);
    archive.Index(position, kWholeWay);
    archive.Index(gate_was_on, 2);
    archive.Value(from);
    archive.Value(level);
  }

  void Enter(Stage next) {
    stage = next;
    position = 0;
    from = level;
  }

  int stage = kIdle;
  int64_t position = 0;  // in the stage
  int gate_was_on = 0;
  float from = 0;   // the level at the stage's start
  float level = 0;  // of the next frame, as far as the gate does not change it
};

// The part of the way that is left at `position`, from 1 to 0.
struct LinearWay {
  float operator()(float x) const { return 1 - x; }
};
// The charge of a capacitor that aims beyond the level and is stopped there: e^(-k x), shifted and
// scaled to go from 1 to 0.
struct ExponentialWay {
  explicit ExponentialWay(double overshoot)
      : octaves(static_cast<float>(std::log2(overshoot / (1 + overshoot)))),
        scale(static_cast<float>(1 + overshoot)),
        shift(static_cast<float>(overshoot)) {}
  float operator()(float x) const {
    const float left = scale * FastExp2(octaves * x) - shift;
    return left > 0 ? left : 0;
  }
  float octaves, scale, shift;
};

class Adsr final : public ControlProcessor<Adsr, AdsrMemory> {
 public:
  static ProcessorSpec Spec();

  Adsr(const Parameters& parameters, int sample_rate_hz)
      : sample_rate_hz_(sample_rate_hz),
        is_exponential_(parameters.choice("curve") == "exponential"),
        gate_frames_(GateFrames(parameters.number("gate_seconds"), sample_rate_hz)) {}

  void Run(const ProcessIo& io, AdsrMemory& memory) const {
    int first = 0;
    while (first < io.num_frames) {
      const bool on = IsOn(io, first);
      int end = first + 1;
      while (end < io.num_frames && IsOn(io, end) == on) ++end;
      if (on && !memory.gate_was_on) memory.Enter(kAttacking);
      if (!on && memory.gate_was_on) memory.Enter(kReleasing);
      memory.gate_was_on = on;
      while (first < end) first = RunStage(io, first, end, memory);
    }
  }

 private:
  static int64_t GateFrames(double seconds, int sample_rate_hz) {
    return seconds > 0 ? std::max(1LL, std::llround(seconds * sample_rate_hz)) : 0;
  }

  bool IsOn(const ProcessIo& io, int frame) const {
    const int64_t position = io.position_frames + frame;
    if (gate_frames_ > 0) return position >= 0 && position < gate_frames_;
    return position >= 0 && io.controls[kGate][frame] >= 0.5f;
  }

  // Renders frames of the present stage and goes to the next one at its end.
  int RunStage(const ProcessIo& io, int first, int end, AdsrMemory& memory) const {
    const Control zero(0.0f), one(1.0f);
    switch (memory.stage) {
      case kAttacking:
        return Move(io, first, end, io.controls[kAttack], one, attack_way_, kDecaying, memory);
      case kDecaying:
        return Move(io, first, end, io.controls[kDecay], io.controls[kSustain], fall_way_,
                    kSustaining, memory);
      case kReleasing:
        return Move(io, first, end, io.controls[kRelease], zero, fall_way_, kIdle, memory);
    }
    const Control& held = memory.stage == kSustaining ? io.controls[kSustain] : zero;
    for (int i = first; i < end; ++i) io.control_outs[0][i] = held[i];
    memory.level = held[end - 1];
    return end;
  }

  int Move(const ProcessIo& io, int first, int end, const Control& seconds, const Control& to,
           const ExponentialWay& exponential, Stage next, AdsrMemory& memory) const {
    const int64_t frames = std::llround(static_cast<double>(seconds.constant()) * sample_rate_hz_);
    if (frames == 0) {
      memory.level = to[first];
      memory.Enter(next);
      return first;
    }
    const int64_t step = (kWholeWay + frames - 1) / frames;
    const int64_t left = (kWholeWay - memory.position + (step - 1)) / step;  // step may be all
    const int count = static_cast<int>(std::min<int64_t>(left, end - first));
    const std::span<float> out = io.control_outs[0].subspan(first, count);
    const auto render = [&](const auto& way) {
      const auto level = [&](int i) {
        const int64_t position = memory.position + i * step;
        const float x = static_cast<float>(static_cast<int32_t>(position >> 31)) * 0x1p-31f;
        const float target = to[first + std::min(i, count - 1)];
        return target + (memory.from - target) * way(x);
      };
      for (int i = 0; i < count; ++i) out[i] = level(i);
      memory.level = count < left ? level(count) : to[first + count - 1];
    };
    if (is_exponential_) {
      render(exponential);
    } else {
      render(LinearWay());
    }
    if (count < left) {
      memory.position += count * step;
    } else {
      memory.Enter(next);
    }
    return first + count;
  }

  const int sample_rate_hz_;
  const bool is_exponential_;
  const int64_t gate_frames_;  // 0: the parameter gate counts
  const ExponentialWay attack_way_{0.3};
  const ExponentialWay fall_way_{0.001};
};

ParameterSpec Time(const std::string& name, double default_value, const std::string& doc) {
  return {.name = name,
          .unit = Unit::kSeconds,
          .minimum = 0,
          .maximum = 60,
          .default_value = default_value,
          .rate = Rate::kBlock,
          .doc = doc};
}

ProcessorSpec Adsr::Spec() {
  return {
      .name = "adsr",
      .summary = "The envelope of a note: attack, decay, sustain, release.",
      .doc =
          "From 0 to 1 in attack_seconds when the gate opens, on to `sustain` in decay_seconds, "
          "and to 0 in release_seconds when it closes, each from wherever the level is and to "
          "the nearest frame. A gate that opens again before the end starts another attack, "
          "without a jump. Exponential stages are those of an analog envelope, the charge of a "
          "capacitor that aims beyond the level and is stopped there: an attack aims at 1.3 of "
          "the way (as in N. Redmon, Envelope generators, EarLevel Engineering 2013), decay and "
          "release fall towards -60 dB.",
      .category = "control",
      .example =
          "adsr(attack_seconds=0.01, decay_seconds=0.2, sustain=0.5, release_seconds=0.3, "
          "gate_seconds=1)",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The level, 0 to 1.")},
      .parameters = {Time("attack_seconds", 0.01, "Time from 0 to 1."),
                     Time("decay_seconds", 0.1, "Time from 1 to sustain."),
                     {.name = "sustain",
                      .minimum = 0,
                      .maximum = 1,
                      .default_value = 0.7,
                      .rate = Rate::kAudio,
                      .smoothing_seconds = 0.01,
                      .doc = "The level while the gate stays open."},
                     Time("release_seconds", 0.2, "Time to 0 after the gate has closed."),
                     {.name = "gate",
                      .minimum = 0,
                      .maximum = 1,
                      .default_value = 1,
                      .rate = Rate::kAudio,
                      .doc = "Open at 0.5 and above."},
                     {.name = "gate_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0,
                      .maximum = 86400,
                      .default_value = 0,
                      .doc = "Above 0, the gate is open from the start for this long, whatever "
                             "`gate` is."},
                     {.name = "curve",
                      .type = ParameterType::kChoice,
                      .choices = {"linear", "exponential"},
                      .doc = "linear: straight lines; exponential: as of a capacitor."}},
  };
}

const Registration<Adsr> kAdsr;

}  // namespace
}  // namespace patchbay
