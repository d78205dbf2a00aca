#ifndef PROCESSORS_CORE_CURVE_LOOPS_H_
#define PROCESSORS_CORE_CURVE_LOOPS_H_

#include <cstdint>
#include <numbers>
#include <span>

#include "processors/core/fast_math.h"

namespace patchbay {

// A stretch of a curve between two values: begin + span * shape(x) or begin * ratio^x, for
// x = (frame - origin) / length from 0 to 1. One value at a time, and many, to the same bits.

struct StraightStretch {
  double begin, slope, origin;

  double At(double frame) const { return begin + slope * (frame - origin); }
};

struct ExponentialStretch {
  double begin, octaves, origin, length;

  double At(double frame) const { return begin * FastExp2(octaves * ((frame - origin) / length)); }
};

// A half cosine: (1 - cos(pi x)) / 2 = sin(pi x / 2)^2.
struct SmoothStretch {
  double begin, span, origin, length;

  double At(double frame) const {
    const double sine = FastSine(std::numbers::pi / 2 * ((frame - origin) / length));
    return begin + span * (sine * sine);
  }
};

// values[i] = stretch.At(first + i * stride), vectorised for the processor at hand.
void Render(const StraightStretch& stretch, double first, int stride, std::span<float> values);
void Render(const ExponentialStretch& stretch, double first, int stride, std::span<float> values);
void Render(const SmoothStretch& stretch, double first, int stride, std::span<float> values);

}  // namespace patchbay

#endif  // PROCESSORS_CORE_CURVE_LOOPS_H_
