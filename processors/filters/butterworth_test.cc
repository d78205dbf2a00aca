#include "processors/filters/butterworth.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "processors/filters/frequency_response.h"

namespace patchbay::testing {
namespace {

class ButterworthTest : public ::testing::TestWithParam<int> {
 protected:
  const int order_ = GetParam();
  std::vector<Biquad> sections_ = std::vector<Biquad>(NumButterworthSections(order_));

  // |H|^2 = 1 / (1 + w^(2 order)); w is the warped frequency in units of the warped cutoff.
  double AnalyticDb(double w) const { return -10 * std::log10(1 + std::pow(w, 2 * order_)); }
};

TEST_P(ButterworthTest, LowpassHasTheAnalyticMagnitude) {
  for (const double cutoff : {1e-5, 0.01, 0.2, 0.49}) {
    DesignButterworthLowpass(order_, cutoff, sections_);
    EXPECT_NEAR(MagnitudeDb(sections_, cutoff), -3.0103, 1e-4) << cutoff;
    for (const double frequency : {0.5e-5, 0.005, 0.02, 0.1, 0.25, 0.4}) {
      const double expected = AnalyticDb(WarpedCutoff(frequency) / WarpedCutoff(cutoff));
      if (expected < -150) continue;  // below what b and a resolve
      EXPECT_NEAR(MagnitudeDb(sections_, frequency), expected, 0.01) << cutoff << " " << frequency;
    }
  }
}

TEST_P(ButterworthTest, HighpassHasTheAnalyticMagnitude) {
  for (const double cutoff : {1e-5, 0.01, 0.2, 0.49}) {
    DesignButterworthHighpass(order_, cutoff, sections_);
    EXPECT_NEAR(MagnitudeDb(sections_, cutoff), -3.0103, 1e-4) << cutoff;
    for (const double frequency : {0.001, 0.005, 0.02, 0.1, 0.25, 0.4, 0.499}) {
      const double expected = AnalyticDb(WarpedCutoff(cutoff) / WarpedCutoff(frequency));
      if (expected < -150) continue;
      EXPECT_NEAR(MagnitudeDb(sections_, frequency), expected, 0.01) << cutoff << " " << frequency;
    }
  }
}

TEST_P(ButterworthTest, FallsOffBySixDecibelsAnOctavePerOrder) {
  DesignButterworthHighpass(order_, 0.2, sections_);
  const double octave_db = MagnitudeDb(sections_, 0.002) - MagnitudeDb(sections_, 0.001);
  EXPECT_NEAR(octave_db, 6.0206 * order_, 0.01 * order_);
}

INSTANTIATE_TEST_SUITE_P(Orders, ButterworthTest, ::testing::Range(1, 9));

}  // namespace
}  // namespace patchbay::testing
