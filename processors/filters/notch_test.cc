#include "gtest/gtest.h"
#include "processors/filters/frequency_response.h"

namespace patchbay::testing {
namespace {

TEST(NotchTest, RemovesOnlyItsCentre) {
  const auto level = [](double frequency_hz) {
    return MagnitudeDb("notch", {{"cutoff_hz", 100.0}, {"q", 2.0}}, frequency_hz);
  };
  EXPECT_LT(level(100), -100);
  EXPECT_NEAR(level(128.08), -3.01, 0.01);
  EXPECT_NEAR(level(0), 0, 1e-3);
  EXPECT_NEAR(level(10000), 0, 1e-3);
}

}  // namespace
}  // namespace patchbay::testing
