#include <algorithm>
#include <cmath>
#include <string>

#include "processors/control/control_processor.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kInput, kRise, kFall, kMode, kRange };

struct SlewMemory {
  void Archive(StateArchive& archive) {
    archive.Index(has_started, 2);
    archive.Value(level);
  }

  int has_started = 0;
  double level = 0;
};

class Slew final : public ControlProcessor<Slew, SlewMemory> {
 public:
  static ProcessorSpec Spec();

  Slew(const Parameters& parameters, int sample_rate_hz)
      : is_linear_(parameters.choice("mode") == "linear"), sample_rate_hz_(sample_rate_hz) {}

  void Run(const ProcessIo& io, SlewMemory& memory) const {
    const Control& input = io.controls[kInput];
    const std::span<float> out = io.control_outs[0];
    if (!memory.has_started) {
      memory.has_started = 1;
      memory.level = input[0];
    }
    if (input.is_constant() && memory.level == input.constant()) {
      std::ranges::fill(out, input.constant());
      return;
    }
    const FrameValues inputs(input, io.num_frames);
    if (is_linear_) {
      const double range = io.controls[kRange].constant();
      FollowLinearly(inputs.data(), range * PerFrame(io.controls[kRise]),
                     range * PerFrame(io.controls[kFall]), memory.level, out);
    } else {
      FollowOnePole(inputs.data(), Coefficient(io.controls[kRise]), Coefficient(io.controls[kFall]),
                    memory.level, out);
    }
  }

 private:
  // The part of these seconds that a frame is; no time is shorter than a frame.
  double PerFrame(const Control& seconds) const {
    return 1 / std::max(static_cast<double>(seconds.constant()) * sample_rate_hz_, 1e-12);
  }
  double Coefficient(const Control& seconds) const { return -std::expm1(-PerFrame(seconds)); }

  static void FollowLinearly(const float* input, double rise, double fall, double& level,
                             std::span<float> out) {
    double y = level;
    for (size_t i = 0; i < out.size(); ++i) {
      // As std::clamp, without branches.
      const double x = input[i], low = y - fall, high = y + rise;
      const double above = x < low ? low : x;
      y = high < above ? high : above;
      out[i] = static_cast<float>(y);
    }
    level = y;
  }

  static void FollowOnePole(const float* input, double rise, double fall, double& level,
                            std::span<float> out) {
    double y = level;
    for (size_t i = 0; i < out.size(); ++i) {
      const double difference = input[i] - y;
      // Both ways are computed before it is known which one it is.
      const double up = difference * rise;
      const double down = difference * fall;
      y += difference > 0 ? up : down;
      out[i] = static_cast<float>(y);
    }
    level = y;
  }

  const bool is_linear_;
  const double sample_rate_hz_;
};

ParameterSpec Time(const std::string& name, const std::string& doc) {
  return {.name = name,
          .unit = Unit::kSeconds,
          .minimum = 0,
          .maximum = 3600,
          .default_value = 0.05,
          .rate = Rate::kBlock,
          .doc = doc};
}

ProcessorSpec Slew::Spec() {
  return {
      .name = "slew",
      .summary = "Follows a control at a limited speed: smooths steps, glides between notes.",
      .doc =
          "one_pole: y += (1 - e^(-1 / (seconds * sample rate))) (x - y), with the time that "
          "the direction asks for; 63 % of a step after that time. linear: the output moves at "
          "most by `range` in that time, so that a step of `range` takes it exactly. 0 "
          "seconds: at once. It starts at the first value of its input.",
      .category = "control",
      .example = "slew(input=0.5, rise_seconds=0.01, fall_seconds=0.3)",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The input, followed.")},
      .parameters = {InAnyUnit({.name = "input",
                                .default_value = 0,
                                .rate = Rate::kAudio,
                                .doc = "The control that is followed."}),
                     Time("rise_seconds", "Time to rise."),
                     Time("fall_seconds", "Time to fall."),
                     {.name = "mode",
                      .type = ParameterType::kChoice,
                      .choices = {"one_pole", "linear"},
                      .doc = "one_pole slows down towards its goal; linear keeps its speed."},
                     {.name = "range",
                      .unit = Unit::kAny,
                      .minimum = 1e-6,
                      .maximum = 1e6,
                      .default_value = 1,
                      .mapping = Mapping::kLogarithmic,
                      .rate = Rate::kBlock,
                      .doc = "In mode linear: the change that takes rise_seconds or "
                             "fall_seconds."}},
  };
}

const Registration<Slew> kSlew;

}  // namespace
}  // namespace patchbay
