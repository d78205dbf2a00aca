#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "processors/control/control_processor.h"
#include "processors/core/fast_math.h"
#include "processors/core/finite.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kInput, kStep, kOffset, kScale, kRoot };

// The nearest whole number, to the even one from halfway; without a call, so that it is vectorised.
double Round(double x) {
  constexpr double kShift = 6755399441055744.0;  // 1.5 * 2^52
  return (x + kShift) - kShift;
}

// A grid has coordinates in which its points are looked for; Value goes back from them.

struct Multiples {
  double Coordinate(float x) const { return (x - offset) / step; }
  double Nearest(double u) const { return Round(u); }
  float Value(double point) const { return Finite(static_cast<float>(offset + step * point)); }
  double step, offset;
};

struct Listed {
  double Coordinate(float x) const { return x; }
  double Nearest(double u) const {
    const auto above = std::ranges::lower_bound(points, u);
    if (above == points.begin()) return points.front();
    if (above == points.end()) return points.back();
    const double below = *std::prev(above);
    return u - below <= *above - u ? below : *above;
  }
  float Value(double point) const { return static_cast<float>(point); }
  std::span<const double> points;  // sorted
};

// Coordinates are semitones above the root.
struct Notes {
  double Coordinate(float hz) const {
    constexpr float kLowestHz = 1e-3f;
    return 12 * FastLog2((hz > kLowestHz ? hz : kLowestHz) / root_hz);
  }
  double Nearest(double u) const {
    const double octave = std::floor(u / 12) * 12;
    return octave + Listed{degrees}.Nearest(u - octave);
  }
  float Value(double point) const {
    return Finite(root_hz * FastExp2(static_cast<float>(point) / 12));
  }
  std::span<const double> degrees;  // of one octave, the next octave's first included
  float root_hz;
};

// Empty for "none".
std::vector<double> DegreesOf(const std::string& scale) {
  if (scale == "semitones") return {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  if (scale == "major") return {0, 2, 4, 5, 7, 9, 11, 12};
  if (scale == "minor") return {0, 2, 3, 5, 7, 8, 10, 12};
  if (scale == "pentatonic") return {0, 2, 4, 7, 9, 12};
  if (scale == "minor_pentatonic") return {0, 3, 5, 7, 10, 12};
  return {};
}

struct QuantizeMemory {
  void Archive(StateArchive& archive) {
    archive.Index(has_started, 2);
    archive.Value(point);
  }

  int has_started = 0;
  double point = 0;  // where it is, in coordinates of the grid
};

class Quantize final : public ControlProcessor<Quantize, QuantizeMemory> {
 public:
  static ProcessorSpec Spec();

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat&) {
    constexpr size_t kLongestScale = 13;
    const size_t num_points = kLongestScale + parameters.numbers("values").size();
    return Layout{.state_bytes = kStateBytes,
                  .shared_bytes = static_cast<int64_t>(num_points * sizeof(double))};
  }

  Quantize(const Parameters& parameters, int)
      : hysteresis_(parameters.number("hysteresis")),
        degrees_(DegreesOf(parameters.choice("scale"))),
        values_(parameters.numbers("values")) {
    std::ranges::sort(values_);
  }

  void Run(const ProcessIo& io, QuantizeMemory& memory) const {
    constexpr float kFinestStep = 1e-9f;
    const float step = io.controls[kStep].constant();
    if (!degrees_.empty()) {
      Apply(Notes{degrees_, io.controls[kRoot].constant()}, io, memory);
    } else if (!values_.empty()) {
      Apply(Listed{values_}, io, memory);
    } else if (step >= kFinestStep) {
      Apply(Multiples{step, io.controls[kOffset].constant()}, io, memory);
    } else {
      const FrameValues inputs(io.controls[kInput], io.num_frames);
      std::copy_n(inputs.data(), io.num_frames, io.control_outs[0].begin());
    }
  }

 private:
  template <typename Grid>
  void Apply(const Grid& grid, const ProcessIo& io, QuantizeMemory& memory) const {
    const Control& input = io.controls[kInput];
    const std::span<float> out = io.control_outs[0];
    if (input.is_constant()) {
      const float value = input.constant();
      ApplyTo(grid, {&value, 1}, out.first(1), memory);
      std::ranges::fill(out, out[0]);
    } else {
      ApplyTo(grid, input.values(), out, memory);
    }
  }

  template <typename Grid>
  void ApplyTo(const Grid& grid, std::span<const float> in, std::span<float> out,
               QuantizeMemory& memory) const {
    if (hysteresis_ == 0) {
      for (size_t i = 0; i < out.size(); ++i) {
        out[i] = grid.Value(grid.Nearest(grid.Coordinate(in[i])));
      }
      return;
    }
    for (size_t i = 0; i < out.size(); ++i) {
      const double u = grid.Coordinate(in[i]);
      const double nearest = grid.Nearest(u);
      // The grid may have moved.
      const double held = grid.Nearest(memory.point);
      const double nearer_by = std::abs(u - held) - std::abs(u - nearest);
      const bool leaves = !memory.has_started || nearer_by > hysteresis_ * std::abs(nearest - held);
      memory.point = leaves ? nearest : held;
      memory.has_started = 1;
      out[i] = grid.Value(memory.point);
    }
  }

  const double hysteresis_;
  const std::vector<double> degrees_;
  std::vector<double> values_;
};

ProcessorSpec Quantize::Spec() {
  return {
      .name = "quantize",
      .summary = "Rounds a control to steps, to listed values, or to the notes of a scale.",
      .doc =
          "With a `scale`, the input is a frequency in hertz and becomes the nearest note (by "
          "ratio) of that scale on root_hz in equal temperament; else with `values`, the "
          "nearest of them; else the nearest of offset + n * step. With hysteresis, the output "
          "stays where it is until the input is nearer to another point by that part of their "
          "distance, so that it does not flutter on the border between two.",
      .category = "control",
      .example = "quantize(input=450, scale='major', root_hz=440)",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The nearest value.")},
      .parameters =
          {InAnyUnit({.name = "input",
                      .default_value = 0,
                      .rate = Rate::kAudio,
                      .doc = "The control that is rounded."}),
           {.name = "step",
            .unit = Unit::kAny,
            .minimum = 0,
            .maximum = 1e6,
            .default_value = 1,
            .rate = Rate::kBlock,
            .doc = "The distance of two values; 0: the input is left as it is."},
           InAnyUnit({.name = "offset",
                      .default_value = 0,
                      .rate = Rate::kBlock,
                      .doc = "One of the values."}),
           {.name = "scale",
            .type = ParameterType::kChoice,
            .choices = {"none", "semitones", "major", "minor", "pentatonic", "minor_pentatonic"},
            .doc = "The notes to round to; minor is the natural one, pentatonic the major one."},
           {.name = "root_hz",
            .unit = Unit::kHertz,
            .minimum = 1,
            .maximum = 20000,
            .default_value = 261.6255653005986,
            .mapping = Mapping::kLogarithmic,
            .rate = Rate::kBlock,
            .doc = "First note of the scale, in any octave; middle C unless given."},
           InAnyUnit({.name = "values",
                      .type = ParameterType::kNumberList,
                      .doc = "The values to round to, in any order; none: multiples of step."}),
           {.name = "hysteresis",
            .minimum = 0,
            .maximum = 0.9,
            .default_value = 0,
            .doc = "0: always the nearest."}},
  };
}

const Registration<Quantize> kQuantize;

}  // namespace
}  // namespace patchbay
