#include "gtest/gtest.h"
#include "processors/filters/frequency_response.h"

namespace patchbay::testing {
namespace {

TEST(BandpassTest, IsQCentresWideBetweenThreeDecibelPoints) {
  const auto level = [](double frequency_hz) {
    return MagnitudeDb("bandpass", {{"cutoff_hz", 100.0}, {"q", 2.0}}, frequency_hz);
  };
  EXPECT_NEAR(level(100), 0, 1e-3);
  EXPECT_LT(level(10), -20);
  EXPECT_LT(level(1000), -20);
  // The points where f / 100 - 100 / f = +-1 / q.
  EXPECT_NEAR(level(128.08), -3.01, 0.01);
  EXPECT_NEAR(level(78.08), -3.01, 0.01);
}

}  // namespace
}  // namespace patchbay::testing
