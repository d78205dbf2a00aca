#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/control/control_processor.h"
#include "processors/control/curve.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kStart, kEnd };

// Frames. Not zero, so that the position on the way can be computed.
constexpr double kShortest = 1e-3;

class Ramp final : public ControlProcessor<Ramp, NoMemory> {
 public:
  static ProcessorSpec Spec();

  Ramp(const Parameters& parameters, int sample_rate_hz)
      : Ramp(parameters.number("start_seconds") * sample_rate_hz,
             parameters.number("duration_seconds") * sample_rate_hz,
             CurveOf(parameters.choice("curve"))) {}

  void Run(const ProcessIo& io, NoMemory&) const {
    CurveSegment(curve_, io.controls[kStart].constant(), io.controls[kEnd].constant())
        .Render(io.position_frames, start_frames_, length_frames_, io.control_outs[0]);
  }

 private:
  // Without duration, it arrives at the very frame where it sets out.
  Ramp(double start_frames, double length_frames, Curve curve)
      : length_frames_(std::max(length_frames, kShortest)),
        start_frames_(start_frames + length_frames - length_frames_),
        curve_(curve) {}

  const double length_frames_;
  const double start_frames_;
  const Curve curve_;
};

ProcessorSpec Ramp::Spec() {
  return {
      .name = "ramp",
      .summary = "A control that moves once, from one value to another.",
      .doc = absl::StrCat(
          "Holds `start` until start_seconds, reaches `end` duration_seconds later and holds it. "
          "linear: a straight line. ",
          kExponentialDoc, " smooth: 3 x^2 - 2 x^3, which starts and ends at rest."),
      .category = "control",
      .example = "ramp(start=200, end=2000, duration_seconds=0.5, curve='exponential')",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The value now.")},
      .parameters = {InAnyUnit({.name = "start",
                                .default_value = 0,
                                .rate = Rate::kBlock,
                                .smoothing_seconds = 0.01,
                                .doc = "The value that is left."}),
                     InAnyUnit({.name = "end",
                                .default_value = 1,
                                .rate = Rate::kBlock,
                                .smoothing_seconds = 0.01,
                                .doc = "The value that is reached."}),
                     {.name = "duration_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0,
                      .maximum = 86400,
                      .default_value = 1,
                      .doc = "How long the way takes; 0: a step."},
                     {.name = "start_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0,
                      .maximum = 86400,
                      .default_value = 0,
                      .doc = "When it sets out."},
                     {.name = "curve",
                      .type = ParameterType::kChoice,
                      .choices = {"linear", "exponential", "smooth"},
                      .doc = "The form of the way."}},
  };
}

const Registration<Ramp> kRamp;

}  // namespace
}  // namespace patchbay
