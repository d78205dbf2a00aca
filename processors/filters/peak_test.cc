#include "gtest/gtest.h"
#include "processors/filters/frequency_response.h"

namespace patchbay::testing {
namespace {

TEST(PeakTest, HasItsGainAtTheCentre) {
  for (const double gain_db : {-40.0, -6.0, 0.0, 12.0, 40.0}) {
    const auto level = [gain_db](double frequency_hz) {
      return MagnitudeDb("peak", {{"cutoff_hz", 1000.0}, {"gain_db", gain_db}}, frequency_hz);
    };
    EXPECT_NEAR(level(1000), gain_db, 1e-3);
    EXPECT_NEAR(level(0), 0, 1e-3);
    EXPECT_NEAR(level(24000), 0, 1e-3);
  }
}

}  // namespace
}  // namespace patchbay::testing
