#ifndef PROCESSORS_CORE_FAST_MATH_H_
#define PROCESSORS_CORE_FAST_MATH_H_

#include <bit>
#include <cstdint>

namespace patchbay {

// Logarithm and power of two without branches or calls, so that a loop over frames is vectorised.
// Minimax polynomials on a reduced range; fast_math_test.cc measures the errors stated here.

// log2(x) for normal x > 0, within 5e-6 (0.00003 dB); exact at powers of two.
inline float FastLog2(float x) {
  // x = mantissa * 2^exponent with the mantissa in [sqrt(1/2), sqrt(2)).
  constexpr int32_t kSqrtHalf = 0x3f3504f3;
  const int32_t bits = std::bit_cast<int32_t>(x) - kSqrtHalf;
  const float exponent = static_cast<float>(bits >> 23);
  const float m = std::bit_cast<float>((bits & 0x7fffff) + kSqrtHalf) - 1.0f;
  float p = -0.20660333f;
  p = p * m + 0.32214245f;
  p = p * m - 0.36748400f;
  p = p * m + 0.47934973f;
  p = p * m - 0.72113228f;
  p = p * m + 1.44271338f;
  return exponent + m * p;
}

// 2^x with a relative error below 3e-7 (0.000003 dB); exact at whole x. x is held within
// [-126, 127], the range of normal numbers.
inline float FastExp2(float x) {
  x = x < -126.0f ? -126.0f : x;
  x = x > 127.0f ? 127.0f : x;
  // Adding 1.5 * 2^23 rounds to a whole number, which then stands in the low mantissa bits.
  constexpr float kRound = 12582912.0f;
  const float shifted = x + kRound;
  const float f = x - (shifted - kRound);
  const float power = std::bit_cast<float>((std::bit_cast<int32_t>(shifted) + 127) << 23);
  float p = 0.00132647634f;
  p = p * f + 0.00967151113f;
  p = p * f + 0.05550733581f;
  p = p * f + 0.24022242427f;
  p = p * f + 0.69314700365f;
  return power * (1.0f + f * p);
}

}  // namespace patchbay

#endif  // PROCESSORS_CORE_FAST_MATH_H_
