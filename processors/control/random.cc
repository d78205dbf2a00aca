#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "processors/control/control_processor.h"
#include "processors/control/cycle_clock.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kRate, kMinimum, kMaximum, kMode, kStep, kSeed, kTempo, kBeats };

enum class Mode { kHold, kSmooth, kWalk };

Mode ModeOf(const std::string& choice) {
  if (choice == "smooth") return Mode::kSmooth;
  if (choice == "walk") return Mode::kWalk;
  return Mode::kHold;
}

// The finaliser of SplitMix64 (Steele, Lea & Flood, "Fast Splittable Pseudorandom Number
// Generators", OOPSLA 2014).
uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15u;
constexpr uint64_t kBeforeTheFirstStep = std::numeric_limits<uint64_t>::max();

// More steps than this a frame, and the first ones of a walk are left out.
constexpr uint64_t kMostStepsAtOnce = 4096;

struct RandomMemory {
  void Archive(StateArchive& archive) {
    clock.Archive(archive);
    archive.Bits(walked);
    archive.Value(from);
    archive.Value(to);
  }

  CycleClock clock;
  // Of a walk: the step that leads from `from` to `to`.
  uint64_t walked = kBeforeTheFirstStep;
  float from = 0;
  float to = 0;
};

class Random final : public ControlProcessor<Random, RandomMemory> {
 public:
  static ProcessorSpec Spec();

  Random(const Parameters& parameters, int sample_rate_hz)
      : mode_(ModeOf(parameters.choice("mode"))),
        key_(Mix(Mix(static_cast<uint64_t>(parameters.integer("seed")) + kGolden))),
        sample_rate_hz_(sample_rate_hz) {}

  RandomMemory NewMemory() const { return {.to = Uniform(0)}; }

  void Run(const ProcessIo& io, RandomMemory& memory) const {
    const CycleRate rate = Rate(io);
    const std::span<float> out = io.control_outs[0];
    std::array<float, kMaxFrames> scratch;
    const std::span<float> fractions = std::span(scratch).first(io.num_frames);
    for (int first = 0; first < io.num_frames;) {
      uint64_t step;
      const int count = memory.clock.Step(rate, first, io.position_frames + first, step,
                                          fractions.subspan(first));
      RunStep(step, io.controls[kStep].constant(), fractions.subspan(first, count),
              out.subspan(first, count), memory);
      first += count;
    }
    const FrameValues minima(io.controls[kMinimum], io.num_frames);
    const FrameValues maxima(io.controls[kMaximum], io.num_frames);
    const float* const low = minima.data();
    const float* const high = maxima.data();
    for (int i = 0; i < io.num_frames; ++i) out[i] = low[i] + (high[i] - low[i]) * out[i];
  }

 private:
  CycleRate Rate(const ProcessIo& io) const {
    if (io.controls[kTempo].constant() <= 0) return {io.controls[kRate], sample_rate_hz_};
    return {TempoHz(io.controls[kTempo], io.controls[kBeats]), sample_rate_hz_};
  }

  // In [0, 1), a function of seed and step alone.
  float Uniform(uint64_t step) const {
    return static_cast<float>(static_cast<int32_t>(Mix(key_ + step * kGolden) >> 40)) * 0x1p-24f;
  }

  void RunStep(uint64_t step, float walk_step, std::span<const float> fractions,
               std::span<float> out, RandomMemory& memory) const {
    if (mode_ == Mode::kHold) {
      std::ranges::fill(out, Uniform(step));
    } else if (mode_ == Mode::kSmooth) {
      const float from = Uniform(step);
      const float change = Uniform(step + 1) - from;
      for (size_t i = 0; i < out.size(); ++i) {
        const float x = fractions[i];
        out[i] = from + change * (x * x * (3.0f - 2.0f * x));
      }
    } else {
      Walk(step, walk_step, memory);
      const float from = memory.from, change = memory.to - memory.from;
      for (size_t i = 0; i < out.size(); ++i) out[i] = from + change * fractions[i];
    }
  }

  // Takes the steps up to and including `step`.
  void Walk(uint64_t step, float walk_step, RandomMemory& memory) const {
    if (step - memory.walked > kMostStepsAtOnce) memory.walked = step - kMostStepsAtOnce;
    while (memory.walked != step) {
      ++memory.walked;
      memory.from = memory.to;
      const float aim = memory.from + walk_step * (2 * Uniform(memory.walked + 1) - 1);
      // Reflected at the bounds; clamped, should it come from far outside.
      const float folded = aim < 0 ? -aim : aim > 1 ? 2 - aim : aim;
      memory.to = std::clamp(folded, 0.0f, 1.0f);
    }
  }

  const Mode mode_;
  const uint64_t key_;
  const int sample_rate_hz_;
};

ProcessorSpec Random::Spec() {
  return {
      .name = "random",
      .summary = "A control that moves at random, the same for the same seed.",
      .doc =
          "Random values between `minimum` and `maximum`, rate_hz of them a second, from a "
          "counter-based generator (SplitMix64): a value depends on the seed and its number "
          "alone. hold: each is held (sample and hold). smooth: each is reached on a curve that "
          "comes to rest there (3 x^2 - 2 x^3). walk: each differs from the one before by at "
          "most `step` of the range, in a straight line, reflected at the bounds.",
      .category = "control",
      .example = "random(rate_hz=4, minimum=200, maximum=800, mode='smooth')",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The random value.")},
      .parameters = {{.name = "rate_hz",
                      .unit = Unit::kHertz,
                      .minimum = 0,
                      .maximum = 1000,
                      .default_value = 1,
                      .rate = Rate::kAudio,
                      .doc = "Values a second; 0: it stands still."},
                     InAnyUnit({.name = "minimum",
                                .default_value = 0,
                                .rate = Rate::kAudio,
                                .smoothing_seconds = 0.01,
                                .doc = "The lower bound."}),
                     InAnyUnit({.name = "maximum",
                                .default_value = 1,
                                .rate = Rate::kAudio,
                                .smoothing_seconds = 0.01,
                                .doc = "The upper bound."}),
                     {.name = "mode",
                      .type = ParameterType::kChoice,
                      .choices = {"hold", "smooth", "walk"},
                      .doc = "How it gets from value to value."},
                     {.name = "step",
                      .minimum = 0,
                      .maximum = 1,
                      .default_value = 0.1,
                      .rate = Rate::kBlock,
                      .doc = "Of a walk: the largest step, as a part of the range."},
                     {.name = "seed",
                      .type = ParameterType::kInteger,
                      .minimum = 0,
                      .maximum = 2147483647,
                      .default_value = 0,
                      .doc = "Another seed, other values; the same seed, the same values."},
                     TempoParameter("rate_hz"),
                     BeatsParameter("a value")},
  };
}

const Registration<Random> kRandom;

}  // namespace
}  // namespace patchbay
