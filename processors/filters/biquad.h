#ifndef PROCESSORS_FILTERS_BIQUAD_H_
#define PROCESSORS_FILTERS_BIQUAD_H_

#include <array>
#include <numbers>

#include "processors/core/fast_math.h"

namespace patchbay {

// One filter section of first or second order, in state-space form:
//
//   y  = c s + d x
//   s' = a s + b x
//
// The state s is that of a state-variable filter with trapezoidal integrators (V. Zavalishin, "The
// Art of VA Filter Design", 2012; A. Simper, "Solving the continuous SVF equations using
// trapezoidal integration", 2013). Its transfer function is that of the bilinear transform with
// prewarping, but for every cutoff and damping |s| can only shrink while x is 0, so that no
// modulation of the coefficients, however fast, makes it explode. Direct forms lack that property
// (J. Laroche, "On the stability of time-varying recursive filters", JAES 55, 2007), and they lose
// precision at low cutoffs.
struct Biquad {
  std::array<std::array<double, 2>, 2> a = {};
  std::array<double, 2> b = {};
  std::array<double, 2> c = {};
  double d = 1;
};

// A cutoff as the bilinear transform needs it, g = tan(pi cutoff_hz / sample_rate_hz) > 0. As a
// fraction, of which only the ratio counts: so a section is designed with a single division.
struct WarpedFrequency {
  WarpedFrequency(double tangent) : sine(tangent) {}  // NOLINT: implicit on purpose
  WarpedFrequency(double sine, double cosine) : sine(sine), cosine(cosine) {}

  double tangent() const { return sine / cosine; }

  double sine;
  double cosine = 1;
};

// For a cutoff in cycles per frame between 0 and 0.5.
inline WarpedFrequency WarpedCutoff(double cutoff) {
  const double angle = std::numbers::pi * cutoff;
  return {FastSine(angle), FastSine(std::numbers::pi / 2 - angle)};
}

// The designs below are inline, so that a loop over several cutoffs is vectorised.

// The analog section
//   H(s) = (high s^2 + band s + low) / (s^2 + damping s + 1),   s in units of the cutoff;
// damping = 1 / Q > 0.
//
// With high-, band- and low-pass outputs, in these orders of evaluation,
//   hp = (x - s2 - (g + k) s1) / (1 + g (g + k)),   bp = s1 + g hp,   lp = s2 + g bp,
//   s1' = s1 + 2 g hp,   s2' = s2 + 2 g bp.
// With x = 0, |s'|^2 - |s|^2 = -4 g k bp^2 <= 0: the energy cannot grow, whatever g and k do.
inline Biquad SecondOrderSection(WarpedFrequency g, double damping, double high, double band,
                                 double low) {
  const auto [sine, cosine] = g;
  const double damped = sine + damping * cosine;
  const double scale = 1 / (cosine * cosine + sine * damped);
  const double to_band = 2 * sine * cosine * scale;
  const double to_low = 2 * sine * sine * scale;
  return {.a = {{{1 - 2 * sine * damped * scale, -to_band}, {to_band, 1 - to_low}}},
          .b = {to_band, to_low},
          .c = {(band * cosine + sine * low - damped * high) * cosine * scale,
                ((low - high) * cosine + sine * (damping * low - band)) * cosine * scale},
          .d = (high * cosine * cosine + sine * (band * cosine + low * sine)) * scale};
}

// The analog section H(s) = (high s + low) / (s + 1):
//   lp = (g x + s) / (1 + g), s' = 2 lp - s.
inline Biquad FirstOrderSection(WarpedFrequency g, double high, double low) {
  const auto [sine, cosine] = g;
  const double scale = 1 / (cosine + sine);
  return {.a = {{{(cosine - sine) * scale, 0}, {0, 0}}},
          .b = {2 * sine * scale, 0},
          .c = {(low - high) * cosine * scale, 0},
          .d = (high * cosine + low * sine) * scale};
}

// H(z) = (b[0] + b[1] / z + b[2] / z^2) / (a[0] + a[1] / z + a[2] / z^2), a[0] = 1.
struct TransferFunction {
  std::array<double, 3> b;
  std::array<double, 3> a;
};
TransferFunction TransferFunctionOf(const Biquad& section);

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_BIQUAD_H_
