#include "gtest/gtest.h"
#include "processors/filters/frequency_response.h"

namespace patchbay::testing {
namespace {

TEST(HighpassTest, IsThreeDecibelsDownAtTheCutoff) {
  for (const double order : {1, 2, 3, 4, 5, 6, 7, 8}) {
    const auto level = [order](double frequency_hz) {
      return MagnitudeDb("highpass", {{"cutoff_hz", 1000.0}, {"order", order}}, frequency_hz);
    };
    EXPECT_NEAR(level(1000), -3.0103, 1e-3) << order;
    EXPECT_NEAR(level(24000), 0, 1e-3) << order;
    EXPECT_LT(level(125), -17.5 * order) << order;
  }
}

}  // namespace
}  // namespace patchbay::testing
