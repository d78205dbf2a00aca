#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/control/away_from_zero.h"
#include "processors/control/control_processor.h"
#include "processors/control/curve.h"
#include "processors/core/fast_math.h"
#include "processors/core/finite.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kInput, kInMinimum, kInMaximum, kOutMinimum, kOutMaximum };

constexpr float kOctavesPerDecibel = 0.16609640474f;
constexpr float kDecibelsPerOctave = 6.02059991328f;

// Below, a ratio counts as this much: -200 dB.
constexpr float kSmallestRatio = 1e-10f;

float Log2(float x) { return FastLog2(x > kSmallestRatio ? x : kSmallestRatio); }

// A change of unit, which needs no ranges. Each is a vectorised loop.
using Conversion = void (*)(std::span<float> values);

void DecibelsToRatios(std::span<float> values) {
  for (float& v : values) v = FastExp2(kOctavesPerDecibel * v);
}
void RatiosToDecibels(std::span<float> values) {
  for (float& v : values) v = kDecibelsPerOctave * Log2(std::abs(v));
}
void SemitonesToRatios(std::span<float> values) {
  for (float& v : values) v = FastExp2(v / 12);
}
void RatiosToSemitones(std::span<float> values) {
  for (float& v : values) v = 12 * Log2(v);
}
void NotesToHertz(std::span<float> values) {
  for (float& v : values) v = Finite(440 * FastExp2((v - 69) / 12));
}
void HertzToNotes(std::span<float> values) {
  for (float& v : values) v = 69 + 12 * Log2(v / 440);
}

Conversion ConversionOf(const std::string& choice) {
  if (choice == "db_to_ratio") return &DecibelsToRatios;
  if (choice == "ratio_to_db") return &RatiosToDecibels;
  if (choice == "semitones_to_ratio") return &SemitonesToRatios;
  if (choice == "ratio_to_semitones") return &RatiosToSemitones;
  if (choice == "note_to_hz") return &NotesToHertz;
  if (choice == "hz_to_note") return &HertzToNotes;
  return nullptr;
}

// Replaces each value by its place between low (0) and high (1).
void Place(std::span<float> values, float low, float high) {
  const float width = AwayFromZero(high - low);
  for (float& v : values) v = (v - low) / width;
}
void PlaceByRatio(std::span<float> values, float low, float high) {
  for (float& v : values) v = Log2(v);
  Place(values, Log2(low), Log2(high));
}

void Hold(std::span<float> values, float low, float high) {
  for (float& v : values) {
    const float above = v > low ? v : low;
    v = above < high ? above : high;
  }
}

class Map final : public ControlProcessor<Map, NoMemory> {
 public:
  static ProcessorSpec Spec();

  Map(const Parameters& parameters, int)
      : conversion_(ConversionOf(parameters.choice("curve"))),
        curve_(CurveOf(parameters.choice("curve"))),
        is_logarithmic_(parameters.choice("curve") == "logarithmic"),
        clamps_(parameters.boolean("clamp")) {}

  void Run(const ProcessIo& io, NoMemory&) const {
    const Control& input = io.controls[kInput];
    const std::span<float> out = io.control_outs[0];
    if (input.is_constant()) {
      out[0] = input.constant();
      Transform(io.controls, out.first(1));
      std::ranges::fill(out, out[0]);
    } else {
      std::ranges::copy(input.values(), out.begin());
      Transform(io.controls, out);
    }
  }

 private:
  void Transform(std::span<const Control> controls, std::span<float> values) const {
    if (conversion_ != nullptr) return conversion_(values);
    const float low = controls[kInMinimum].constant();
    const float high = controls[kInMaximum].constant();
    if (is_logarithmic_) {
      PlaceByRatio(values, low, high);
    } else {
      Place(values, low, high);
    }
    const float reach = 1e9f;
    clamps_ ? Hold(values, 0, 1) : Hold(values, -reach, reach);
    CurveSegment(curve_, controls[kOutMinimum].constant(), controls[kOutMaximum].constant())
        .Apply(values);
  }

  const Conversion conversion_;  // null: from range to range
  const Curve curve_;
  const bool is_logarithmic_;
  const bool clamps_;
};

ParameterSpec Bound(const std::string& name, double default_value, const std::string& doc) {
  return InAnyUnit(
      {.name = name, .default_value = default_value, .rate = Rate::kBlock, .doc = doc});
}

ProcessorSpec Map::Spec() {
  return {
      .name = "map",
      .summary = "Maps a control from one range to another, along a curve, or changes its unit.",
      .doc = absl::StrCat(
          "x is the place of the input between in_minimum and in_maximum, 0 to 1; out goes from "
          "out_minimum to out_maximum with x. linear: in a straight line. ",
          kExponentialDoc,
          " logarithmic: x goes by the ratio of the input to its bounds (hertz to a linear knob). "
          "smooth: 3 x^2 - 2 x^3, always clamped. Either range may be upside down; one without "
          "width is a threshold. The other curves change the unit and leave the ranges aside: "
          "decibels and amplitude ratios, semitones and frequency ratios, MIDI notes (69 is "
          "440 Hz) and hertz. A ratio below 1e-10 counts as that."),
      .category = "control",
      .example = "map(input=0.5, out_minimum=200, out_maximum=3200, curve='exponential')",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The mapped value.")},
      .parameters =
          {InAnyUnit({.name = "input",
                      .default_value = 0,
                      .rate = Rate::kAudio,
                      .doc = "The control that is mapped."}),
           Bound("in_minimum", 0, "The input that gives out_minimum."),
           Bound("in_maximum", 1, "The input that gives out_maximum."),
           Bound("out_minimum", 0, "What in_minimum is mapped to."),
           Bound("out_maximum", 1, "What in_maximum is mapped to."),
           {.name = "curve",
            .type = ParameterType::kChoice,
            .choices = {"linear", "exponential", "logarithmic", "smooth", "db_to_ratio",
                        "ratio_to_db", "semitones_to_ratio", "ratio_to_semitones", "note_to_hz",
                        "hz_to_note"},
            .doc = "The form of the way, or the change of unit."},
           {.name = "clamp",
            .type = ParameterType::kBoolean,
            .default_value = 1,
            .doc = "Whether an input beyond its range counts as the nearest bound; otherwise the "
                   "curve goes on."}},
  };
}

const Registration<Map> kMap;

}  // namespace
}  // namespace patchbay
