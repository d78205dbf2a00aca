#include "processors/filters/equalizer_design.h"

#include <cmath>

#include "processors/core/decibels.h"

namespace patchbay {

// H(s) = (s / q) / (s^2 + s / q + 1)
Biquad DesignBandpass(double cutoff, double q) {
  return SecondOrderSection(WarpedCutoff(cutoff), 1 / q, 0, 1 / q, 0);
}

// H(s) = (s^2 + 1) / (s^2 + s / q + 1)
Biquad DesignNotch(double cutoff, double q) {
  return SecondOrderSection(WarpedCutoff(cutoff), 1 / q, 1, 0, 1);
}

// H(s) = (s^2 + s a / q + 1) / (s^2 + s / (a q) + 1),   a = sqrt(gain)
Biquad DesignPeak(double cutoff, double q, double gain_db) {
  const double a = DecibelsToRatio(gain_db / 2);
  return SecondOrderSection(WarpedCutoff(cutoff), 1 / (a * q), 1, a / q, 1);
}

// H(s) = a (s^2 + s sqrt(a) / q + a) / (a s^2 + s sqrt(a) / q + 1), which in units of
// cutoff / sqrt(a) is (s^2 + s a / q + a^2) / (s^2 + s / q + 1).
Biquad DesignLowShelf(double cutoff, double q, double gain_db) {
  const double a = DecibelsToRatio(gain_db / 2);
  return SecondOrderSection(WarpedCutoff(cutoff) / std::sqrt(a), 1 / q, 1, a / q, a * a);
}

// H(s) = a (a s^2 + s sqrt(a) / q + 1) / (s^2 + s sqrt(a) / q + a), which in units of
// cutoff sqrt(a) is (a^2 s^2 + s a / q + 1) / (s^2 + s / q + 1).
Biquad DesignHighShelf(double cutoff, double q, double gain_db) {
  const double a = DecibelsToRatio(gain_db / 2);
  return SecondOrderSection(WarpedCutoff(cutoff) * std::sqrt(a), 1 / q, a * a, a / q, 1);
}

}  // namespace patchbay
