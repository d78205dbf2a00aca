#include "processors/generators/sine_polynomial.h"

#include <cmath>
#include <numbers>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(SinePolynomialTest, IsWithinItsBound) {
  double worst = 0;
  for (int64_t phase = 0; phase < int64_t{1} << 32; phase += 4999) {
    const double expected = std::sin(2 * std::numbers::pi * 0x1p-32 * static_cast<double>(phase));
    worst = std::max(worst, std::abs(SineOfPhase(static_cast<uint32_t>(phase)) - expected));
  }
  EXPECT_LT(worst, 3e-7);
}

TEST(SinePolynomialTest, IsExactWhereItMatters) {
  EXPECT_EQ(SineOfPhase(0), 0.0f);
  EXPECT_EQ(SineOfPhase(0xffffffffu), -SineOfPhase(1));
}

}  // namespace
}  // namespace patchbay::testing
