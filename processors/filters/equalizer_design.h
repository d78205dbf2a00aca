#ifndef PROCESSORS_FILTERS_EQUALIZER_DESIGN_H_
#define PROCESSORS_FILTERS_EQUALIZER_DESIGN_H_

#include "processors/filters/biquad.h"

namespace patchbay {

// The second-order filters of R. Bristow-Johnson, "Audio EQ Cookbook" (W3C Note, 2021), with the
// same analog prototypes and so the same transfer functions, as state-variable sections. Inline,
// so that a loop over several settings is vectorised.
//
// `cutoff` is the centre, or of shelves the midpoint, where the gain is gain_db / 2; in cycles per
// frame, between 0 and 0.5. q > 0.

// H(s) = (s / q) / (s^2 + s / q + 1): 0 dB at the centre.
inline Biquad DesignBandpass(double cutoff, double q) {
  return SecondOrderSection(WarpedCutoff(cutoff), 1 / q, 0, 1 / q, 0);
}

// H(s) = (s^2 + 1) / (s^2 + s / q + 1)
inline Biquad DesignNotch(double cutoff, double q) {
  return SecondOrderSection(WarpedCutoff(cutoff), 1 / q, 1, 0, 1);
}

// The fourth root of a gain: 10^(gain_db / 80).
inline double FourthRootOfGain(double gain_db) {
  constexpr double kOctavesPerDecibel = 0.16609640474436811739;
  return FastExp2(gain_db * (kOctavesPerDecibel / 4));
}

// H(s) = (s^2 + s a / q + 1) / (s^2 + s / (a q) + 1),   a = sqrt(gain)
inline Biquad DesignPeak(double cutoff, double q, double gain_db) {
  const double root = FourthRootOfGain(gain_db);
  const double a = root * root;
  return SecondOrderSection(WarpedCutoff(cutoff), 1 / (a * q), 1, a / q, 1);
}

// H(s) = a (s^2 + s sqrt(a) / q + a) / (a s^2 + s sqrt(a) / q + 1), which in units of
// cutoff / sqrt(a) is (s^2 + s a / q + a^2) / (s^2 + s / q + 1).
inline Biquad DesignLowShelf(double cutoff, double q, double gain_db) {
  const double root = FourthRootOfGain(gain_db);
  const double a = root * root;
  const auto [sine, cosine] = WarpedCutoff(cutoff);
  return SecondOrderSection({sine, cosine * root}, 1 / q, 1, a / q, a * a);
}

// H(s) = a (a s^2 + s sqrt(a) / q + 1) / (s^2 + s sqrt(a) / q + a), which in units of
// cutoff sqrt(a) is (a^2 s^2 + s a / q + 1) / (s^2 + s / q + 1).
inline Biquad DesignHighShelf(double cutoff, double q, double gain_db) {
  const double root = FourthRootOfGain(gain_db);
  const double a = root * root;
  const auto [sine, cosine] = WarpedCutoff(cutoff);
  return SecondOrderSection({sine * root, cosine}, 1 / q, a * a, a / q, 1);
}

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_EQUALIZER_DESIGN_H_
