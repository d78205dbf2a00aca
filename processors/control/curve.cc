#include "processors/control/curve.h"

#include <algorithm>
#include <cmath>

#include "processors/core/fast_math.h"
#include "processors/core/finite.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/control/curve.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// Vectorised by the compiler, for each target. From the way that is over to the level.

void Linear(float from, float to, float change, float* HWY_RESTRICT xs, int count) {
  for (int i = 0; i < count; ++i) xs[i] = xs[i] == 1.0f ? to : from + change * xs[i];
}

void Exponential(float from, float to, float change, float octaves, float* HWY_RESTRICT xs,
                 int count) {
  for (int i = 0; i < count; ++i) {
    const float level = Finite(from + change * (FastExp2(octaves * xs[i]) - 1.0f));
    xs[i] = xs[i] == 1.0f ? to : level;
  }
}

void Smooth(float from, float to, float change, float* HWY_RESTRICT xs, int count) {
  for (int i = 0; i < count; ++i) {
    const float above = xs[i] > 0.0f ? xs[i] : 0.0f;
    const float held = above < 1.0f ? above : 1.0f;
    xs[i] = held == 1.0f ? to : from + change * (held * held * (3.0f - 2.0f * held));
  }
}

void Step(float from, float to, float* HWY_RESTRICT xs, int count) {
  for (int i = 0; i < count; ++i) xs[i] = xs[i] < 1.0f ? from : to;
}

// The way that is over at each frame from `first`.
void Way(double first, double start, double inverse_length, float* HWY_RESTRICT xs, int count) {
  for (int i = 0; i < count; ++i) {
    const double x = (first + i - start) * inverse_length;
    const double above = x > 0 ? x : 0;
    xs[i] = static_cast<float>(above < 1 ? above : 1);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(Linear);
HWY_EXPORT(Exponential);
HWY_EXPORT(Smooth);
HWY_EXPORT(Step);
HWY_EXPORT(Way);

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
  const int count = static_cast<int>(xs.size());
  switch (curve_) {
    case Curve::kLinear:
      HWY_DYNAMIC_DISPATCH(Linear)(from_, to_, change_, xs.data(), count);
      return;
    case Curve::kExponential:
      HWY_DYNAMIC_DISPATCH(Exponential)(from_, to_, change_, octaves_, xs.data(), count);
      return;
    case Curve::kSmooth:
      HWY_DYNAMIC_DISPATCH(Smooth)(from_, to_, change_, xs.data(), count);
      return;
    case Curve::kStep:
      HWY_DYNAMIC_DISPATCH(Step)(from_, to_, xs.data(), count);
      return;
  }
}

void CurveSegment::Render(int64_t frame, double start, double length, std::span<float> out) const {
  HWY_DYNAMIC_DISPATCH(Way)
  (static_cast<double>(frame), start, 1 / length, out.data(), static_cast<int>(out.size()));
  Apply(out);
}

}  // namespace patchbay
#endif  // HWY_ONCE
