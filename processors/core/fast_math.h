#ifndef PROCESSORS_CORE_FAST_MATH_H_
#define PROCESSORS_CORE_FAST_MATH_H_

#include <bit>
#include <cstdint>

namespace patchbay {

// Functions without branches or calls, so that a loop over frames is vectorised. Minimax polynomials
// on a reduced range; fast_math_test.cc measures the errors stated here.

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

// 2^x with a relative error below 3e-14; exact at whole x. x is held within [-1022, 1023], the range
// of normal numbers.
inline double FastExp2(double x) {
  x = x < -1022.0 ? -1022.0 : x;
  x = x > 1023.0 ? 1023.0 : x;
  constexpr double kRound = 0x1.8p52;  // as above
  const double shifted = x + kRound;
  const double f = x - (shifted - kRound);
  const double power = std::bit_cast<double>((std::bit_cast<int64_t>(shifted) + 1023) << 52);
  double p = 1.014836482291849e-7;
  p = p * f + 1.325833305631381e-6;
  p = p * f + 1.525298990060374e-5;
  p = p * f + 1.5403440895766526e-4;
  p = p * f + 1.3333557625640837e-3;
  p = p * f + 9.618129181147963e-3;
  p = p * f + 5.550410866841486e-2;
  p = p * f + 0.24022650695722881;
  p = p * f + 0.69314718055988518;
  return power * (1.0 + f * p);
}

// sin(x) for x in [0, pi / 2], with a relative error below 1e-15; so that cos(x) is
// FastSine(pi / 2 - x).
inline double FastSine(double x) {
  const double square = x * x;
  double p = -7.370666436970736e-13;
  p = p * square + 1.604784494139604e-10;
  p = p * square - 2.505187089371877e-8;
  p = p * square + 2.755731642146175e-6;
  p = p * square - 1.984126982322395e-4;
  p = p * square + 8.333333333275927e-3;
  p = p * square - 0.16666666666665965;
  return x + x * (p * square - 1.421e-16);
}

}  // namespace patchbay

#endif  // PROCESSORS_CORE_FAST_MATH_H_
