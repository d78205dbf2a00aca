#include "processors/filters/biquad.h"

#include <cmath>
#include <numbers>

namespace patchbay {

// With high-, band- and low-pass outputs, in these orders of evaluation,
//   hp = (x - s2 - (g + k) s1) / (1 + g (g + k)),   bp = s1 + g hp,   lp = s2 + g bp,
//   s1' = s1 + 2 g hp,   s2' = s2 + 2 g bp.
// With x = 0, |s'|^2 - |s|^2 = -4 g k bp^2 <= 0: the energy cannot grow, whatever g and k do.
Biquad SecondOrderSection(double g, double damping, double high, double band, double low) {
  const double scale = 1 / (1 + g * (g + damping));
  Biquad section;
  section.a = {{{1 - 2 * g * (g + damping) * scale, -2 * g * scale},
                {2 * g * scale, 1 - 2 * g * g * scale}}};
  section.b = {2 * g * scale, 2 * g * g * scale};
  section.c = {(band + g * low - (g + damping) * high) * scale,
               ((1 + g * damping) * low - g * band - high) * scale};
  section.d = (high + g * band + g * g * low) * scale;
  return section;
}

// lp = (g x + s) / (1 + g), s' = 2 lp - s.
Biquad FirstOrderSection(double g, double high, double low) {
  const double scale = 1 / (1 + g);
  Biquad section;
  section.a = {{{(1 - g) * scale, 0}, {0, 0}}};
  section.b = {2 * g * scale, 0};
  section.c = {(low - high) * scale, 0};
  section.d = (high + g * low) * scale;
  return section;
}

double WarpedCutoff(double cutoff) { return std::tan(std::numbers::pi * cutoff); }

// d + c (z - a)^-1 b, with (z - a)^-1 = adjugate / determinant.
TransferFunction TransferFunctionOf(const Biquad& section) {
  const auto& [a, b, c, d] = section;
  const double a1 = -(a[0][0] + a[1][1]);
  const double a2 = a[0][0] * a[1][1] - a[0][1] * a[1][0];
  const double delay1 = c[0] * b[0] + c[1] * b[1];
  const double delay2 =
      c[0] * (a[0][1] * b[1] - a[1][1] * b[0]) + c[1] * (a[1][0] * b[0] - a[0][0] * b[1]);
  return {.b = {d, d * a1 + delay1, d * a2 + delay2}, .a = {1, a1, a2}};
}

}  // namespace patchbay
