#include "processors/control/curve.h"

#include <algorithm>
#include <cmath>

#include "processors/core/fast_math.h"
#include "processors/core/finite.h"

namespace patchbay {
namespace {

constexpr double kAlmostZero = 1e-3;
constexpr double kLargestRatio = 1e6;
// Below, the exponential differs from the line by less than a float can show.
constexpr double kFewestOctaves = 1e-3;

double Ratio(double from, double to) {
  if (from == 0 && to == 0) return 1;
  if (from == 0) return 1 / kAlmostZero;
  if (to == 0) return kAlmostZero;
  if ((from < 0) != (to < 0)) return 1;
  return std::clamp(to / from, 1 / kLargestRatio, kLargestRatio);
}

}  // namespace

const char kExponentialDoc[] =
    "exponential: equal ratios in equal times, a straight line in decibels or semitones; zero is "
    "reached by way of -60 dB, and between levels of different signs the way is linear.";

Curve CurveOf(const std::string& choice) {
  if (choice == "exponential") return Curve::kExponential;
  if (choice == "smooth") return Curve::kSmooth;
  if (choice == "step") return Curve::kStep;
  return Curve::kLinear;
}

CurveSegment::CurveSegment(Curve curve, double from, double to)
    : curve_(curve),
      from_(static_cast<float>(from)),
      to_(static_cast<float>(to)),
      change_(static_cast<float>(to - from)) {
  if (curve_ != Curve::kExponential) return;
  const double ratio = Ratio(from, to);
  const double octaves = std::log2(ratio);
  if (std::abs(octaves) < kFewestOctaves) {
    curve_ = Curve::kLinear;
  } else {
    octaves_ = static_cast<float>(octaves);
    change_ = static_cast<float>((to - from) / (ratio - 1));
  }
}

void CurveSegment::Apply(std::span<float> xs) const {
  const float from = from_, to = to_, change = change_, octaves = octaves_;
  switch (curve_) {
    case Curve::kLinear:
      for (float& x : xs) x = x == 1.0f ? to : from + change * x;
      return;
    case Curve::kExponential:
      for (float& x : xs) {
        const float level = Finite(from + change * (FastExp2(octaves * x) - 1.0f));
        x = x == 1.0f ? to : level;
      }
      return;
    case Curve::kSmooth:
      for (float& x : xs) {
        const float above = x > 0.0f ? x : 0.0f;
        const float held = above < 1.0f ? above : 1.0f;
        x = held == 1.0f ? to : from + change * (held * held * (3.0f - 2.0f * held));
      }
      return;
    case Curve::kStep:
      for (float& x : xs) x = x < 1.0f ? from : to;
      return;
  }
}

void CurveSegment::Render(int64_t frame, double start, double length, std::span<float> out) const {
  const double first = static_cast<double>(frame);
  const double inverse = 1 / length;
  const int count = static_cast<int>(out.size());
  for (int i = 0; i < count; ++i) {
    const double x = (first + i - start) * inverse;
    const double above = x > 0 ? x : 0;
    out[i] = static_cast<float>(above < 1 ? above : 1);
  }
  Apply(out);
}

}  // namespace patchbay
