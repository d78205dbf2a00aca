#ifndef PROCESSORS_FILTERS_BIQUAD_H_
#define PROCESSORS_FILTERS_BIQUAD_H_

#include <array>

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

// The analog section
//   H(s) = (high s^2 + band s + low) / (s^2 + damping s + 1),   s in units of the cutoff,
// for warped_cutoff = tan(pi cutoff_hz / sample_rate_hz) > 0; damping = 1 / Q > 0.
Biquad SecondOrderSection(double warped_cutoff, double damping, double high, double band,
                          double low);

// The analog section H(s) = (high s + low) / (s + 1).
Biquad FirstOrderSection(double warped_cutoff, double high, double low);

// tan(pi cutoff), for a cutoff in cycles per frame between 0 and 0.5.
double WarpedCutoff(double cutoff);

// H(z) = (b[0] + b[1] / z + b[2] / z^2) / (a[0] + a[1] / z + a[2] / z^2), a[0] = 1.
struct TransferFunction {
  std::array<double, 3> b;
  std::array<double, 3> a;
};
TransferFunction TransferFunctionOf(const Biquad& section);

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_BIQUAD_H_
