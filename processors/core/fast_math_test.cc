#include "processors/core/fast_math.h"

#include <cmath>
#include <numbers>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(FastMathTest, Log2IsWithinItsBound) {
  double worst = 0;
  for (double x = 1.2e-38; x < 3.4e38; x *= 1.0001) {
    const float value = static_cast<float>(x);
    const double expected = std::log2(static_cast<double>(value));
    // A float near 128 is itself rounded by up to 4e-6.
    const double rounding = std::abs(expected) * 0x1p-24;
    worst = std::max(worst, std::abs(FastLog2(value) - expected) - rounding);
  }
  EXPECT_LT(worst, 5e-6);
}

TEST(FastMathTest, Exp2IsWithinItsBound) {
  double worst = 0;
  for (double x = -126; x < 127; x += 0.0003) {
    const float value = static_cast<float>(x);
    const double expected = std::exp2(static_cast<double>(value));
    worst = std::max(worst, std::abs(FastExp2(value) / expected - 1));
  }
  EXPECT_LT(worst, 3e-7);
}

TEST(FastMathTest, WholePowersAreExact) {
  for (int i = -126; i <= 127; ++i) {
    const float power = std::ldexp(1.0f, i);
    EXPECT_EQ(FastExp2(static_cast<float>(i)), power);
    EXPECT_EQ(FastLog2(power), static_cast<float>(i));
  }
}

TEST(FastMathTest, Exp2SaturatesInsteadOfOverflowing) {
  EXPECT_EQ(FastExp2(1e30f), 0x1p127f);
  EXPECT_EQ(FastExp2(-1e30f), 0x1p-126f);
}

TEST(FastMathTest, DoubleExp2IsWithinItsBound) {
  double worst = 0;
  for (double x = -1022; x < 1023; x += 0.003) {
    worst = std::max(worst, std::abs(FastExp2(x) / std::exp2(x) - 1));
  }
  EXPECT_LT(worst, 3e-14);
}

TEST(FastMathTest, DoubleExp2OfWholeNumbersIsExactAndSaturates) {
  for (int i = -1022; i <= 1023; ++i) EXPECT_EQ(FastExp2(double(i)), std::ldexp(1.0, i));
  EXPECT_EQ(FastExp2(1e300), 0x1p1023);
  EXPECT_EQ(FastExp2(-1e300), 0x1p-1022);
}

TEST(FastMathTest, SineIsWithinItsBound) {
  double worst = 0;
  for (double x = 1e-9; x < std::numbers::pi / 2; x += 1e-5) {
    worst = std::max(worst, std::abs(FastSine(x) / std::sin(x) - 1));
  }
  EXPECT_LT(worst, 1e-15);
  EXPECT_EQ(FastSine(0), 0);
}

}  // namespace
}  // namespace patchbay::testing
