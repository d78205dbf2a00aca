#ifndef PROCESSORS_GENERATORS_SINE_POLYNOMIAL_H_
#define PROCESSORS_GENERATORS_SINE_POLYNOMIAL_H_

#include <cstdint>

namespace patchbay {

// sin(2 pi phase / 2^32) within 3e-7, without branches, so that a loop over frames is vectorised:
// a minimax polynomial over the half period around zero, on which the other half is mirrored.
inline float SineOfPhase(uint32_t phase) {
  const int32_t p = static_cast<int32_t>(phase);
  // All ones where the two upper bits differ: in the half period beyond +-90 degrees.
  const int32_t mirror = static_cast<int32_t>(phase ^ (phase << 1)) >> 31;
  const float x = static_cast<float>(p ^ (mirror & 0x7fffffff)) * 0x1p-31f;  // half periods
  const float u = x * x;
  float sum = 0.07722225040f;
  sum = sum * u - 0.59804642200f;
  sum = sum * u + 2.55003166199f;
  sum = sum * u - 5.16770696640f;
  sum = sum * u + 3.14159250259f;
  return x * sum;
}

}  // namespace patchbay

#endif  // PROCESSORS_GENERATORS_SINE_POLYNOMIAL_H_
