#include "processors/filters/biquad.h"

namespace patchbay {

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
