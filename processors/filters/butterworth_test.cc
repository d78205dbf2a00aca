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

  using Section = Biquad (*)(const ButterworthSection&, double);
  std::vector<Biquad> Design(Section section, double cutoff) const {
    std::vector<Biquad> sections;
    for (int i = 0; i < NumButterworthSections(order_); ++i) {
      sections.push_back(section({order_, i}, cutoff));
    }
    return sections;
  }

  // |H|^2 = 1 / (1 + w^(2 order)); w is the warped frequency in units of the warped cutoff.
  double AnalyticDb(double w) const { return -10 * std::log10(1 + std::pow(w, 2 * order_)); }
};

TEST_P(ButterworthTest, LowpassHasTheAnalyticMagnitude) {
  for (const double cutoff : {1e-5, 0.01, 0.2, 0.49}) {
    const std::vector<Biquad> sections = Design(&ButterworthLowpass, cutoff);
    EXPECT_NEAR(MagnitudeDb(sections, cutoff), -3.0103, 1e-4) << cutoff;
    for (const double frequency : {0.5e-5, 0.005, 0.02, 0.1, 0.25, 0.4}) {
      const double expected =
          AnalyticDb(WarpedCutoff(frequency).tangent() / WarpedCutoff(cutoff).tangent());
      if (expected < -150) continue;  // below what b and a resolve
      EXPECT_NEAR(MagnitudeDb(sections, frequency), expected, 0.01) << cutoff << " " << frequency;
    }
  }
}

TEST_P(ButterworthTest, HighpassHasTheAnalyticMagnitude) {
  for (const double cutoff : {1e-5, 0.01, 0.2, 0.49}) {
    const std::vector<Biquad> sections = Design(&ButterworthHighpass, cutoff);
    EXPECT_NEAR(MagnitudeDb(sections, cutoff), -3.0103, 1e-4) << cutoff;
    for (const double frequency : {0.001, 0.005, 0.02, 0.1, 0.25, 0.4, 0.499}) {
      const double expected =
          AnalyticDb(WarpedCutoff(cutoff).tangent() / WarpedCutoff(frequency).tangent());
      if (expected < -150) continue;
      EXPECT_NEAR(MagnitudeDb(sections, frequency), expected, 0.01) << cutoff << " " << frequency;
    }
  }
}

TEST_P(ButterworthTest, FallsOffBySixDecibelsAnOctavePerOrder) {
  const std::vector<Biquad> sections = Design(&ButterworthHighpass, 0.2);
  const double octave_db = MagnitudeDb(sections, 0.002) - MagnitudeDb(sections, 0.001);
  EXPECT_NEAR(octave_db, 6.0206 * order_, 0.01 * order_);
}

INSTANTIATE_TEST_SUITE_P(Orders, ButterworthTest, ::testing::Range(1, 9));

}  // namespace
}  // namespace patchbay::testing
