#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "processors/control/control_processor.h"
#include "processors/control/cycle_clock.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kValues, kStep, kGlide, kLoop, kTempo, kBeats };

std::vector<float> ValuesOf(const Parameters& parameters) {
  const std::vector<double>& values = parameters.numbers("values");
  if (values.empty()) return {0.0f, 1.0f};
  return {values.begin(), values.end()};
}

class StepSequence final : public ControlProcessor<StepSequence, CycleClock> {
 public:
  static ProcessorSpec Spec();

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat&) {
    const size_t num_values = std::max<size_t>(parameters.numbers("values").size(), 2);
    return Layout{.state_bytes = kStateBytes,
                  .shared_bytes = static_cast<int64_t>(num_values * sizeof(float))};
  }

  StepSequence(const Parameters& parameters, int sample_rate_hz)
      : values_(ValuesOf(parameters)),
        loops_(parameters.boolean("loop")),
        sample_rate_hz_(sample_rate_hz) {}

  void Run(const ProcessIo& io, CycleClock& clock) const {
    const Control& tempo = io.controls[kTempo];
    const double step_hz = tempo.constant() > 0 ? TempoHz(tempo, io.controls[kBeats])
                                                : 1.0 / io.controls[kStep].constant();
    const CycleRate rate(step_hz, sample_rate_hz_);
    // Glides per step; a glide is at most a step long.
    const double glide = io.controls[kGlide].constant() * step_hz;
    const float speed = glide < 1e-6 ? 1e6f : static_cast<float>(1 / std::min(glide, 1.0));
    const bool glides = glide > 0;
    const std::span<float> out = io.control_outs[0];
    std::array<float, kMaxFrames> scratch;
    const std::span<float> fractions = std::span(scratch).first(io.num_frames);
    for (int first = 0; first < io.num_frames;) {
      uint64_t step;
      const int count =
          clock.Step(rate, first, io.position_frames + first, step, fractions.subspan(first));
      const float to = values_[Index(step)];
      const float from = glides && step > 0 ? values_[Index(step - 1)] : to;
      for (int i = first; i < first + count; ++i) {
        const float x = fractions[i] * speed;
        out[i] = x < 1.0f ? from + (to - from) * x : to;
      }
      first += count;
    }
  }

 private:
  size_t Index(uint64_t step) const {
    return loops_ ? step % values_.size() : std::min<uint64_t>(step, values_.size() - 1);
  }

  const std::vector<float> values_;
  const bool loops_;
  const int sample_rate_hz_;
};

ProcessorSpec StepSequence::Spec() {
  return {
      .name = "step_sequence",
      .summary = "A control that steps through a list of values, in seconds or beats.",
      .doc =
          "Each value is held for a step, which begins at the frame nearest to its time and "
          "may first glide in a straight line from the value before. Without `loop` the last "
          "value is held.",
      .category = "control",
      .example = "step_sequence(values=[220, 330, 440, 330], tempo_bpm=120, beats=0.5)",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The value of the step.")},
      .parameters = {InAnyUnit({.name = "values",
                                .type = ParameterType::kNumberList,
                                .doc = "The values, a step each; none: 0, 1."}),
                     {.name = "step_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0.001,
                      .maximum = 86400,
                      .default_value = 0.25,
                      .mapping = Mapping::kLogarithmic,
                      .rate = Rate::kBlock,
                      .doc = "How long a step takes."},
                     {.name = "glide_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0,
                      .maximum = 86400,
                      .default_value = 0,
                      .rate = Rate::kBlock,
                      .doc =
                          "How long the way to the value of a step takes, at most the whole step."},
                     {.name = "loop",
                      .type = ParameterType::kBoolean,
                      .default_value = 1,
                      .doc = "Whether it starts again after the last value."},
                     TempoParameter("step_seconds"),
                     BeatsParameter("a step")},
  };
}

const Registration<StepSequence> kStepSequence;

}  // namespace
}  // namespace patchbay
