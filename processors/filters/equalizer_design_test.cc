#include "processors/filters/equalizer_design.h"

#include <cmath>
#include <numbers>

#include "gtest/gtest.h"
#include "processors/filters/frequency_response.h"

namespace patchbay::testing {
namespace {

// The cookbook's intermediate values.
struct Cookbook {
  Cookbook(double cutoff, double q, double gain_db = 0)
      : a(std::pow(10, gain_db / 40)),
        cosine(std::cos(2 * std::numbers::pi * cutoff)),
        alpha(std::sin(2 * std::numbers::pi * cutoff) / (2 * q)),
        slope(2 * std::sqrt(a) * alpha) {}
  double a, cosine, alpha, slope;
};

void ExpectTransferFunction(const Biquad& section, const TransferFunction& expected) {
  const TransferFunction actual = TransferFunctionOf(section);
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(actual.b[k], expected.b[k] / expected.a[0], 1e-12) << "b" << k;
    EXPECT_NEAR(actual.a[k], expected.a[k] / expected.a[0], 1e-12) << "a" << k;
  }
}

class EqualizerDesignTest : public ::testing::TestWithParam<double> {
 protected:
  const double cutoff_ = GetParam();
};

TEST_P(EqualizerDesignTest, BandpassIsTheCookbooks) {
  const auto [a, cosine, alpha, slope] = Cookbook(cutoff_, 2);
  ExpectTransferFunction(DesignBandpass(cutoff_, 2),
                         {{alpha, 0, -alpha}, {1 + alpha, -2 * cosine, 1 - alpha}});
}

TEST_P(EqualizerDesignTest, NotchIsTheCookbooks) {
  const auto [a, cosine, alpha, slope] = Cookbook(cutoff_, 2);
  ExpectTransferFunction(DesignNotch(cutoff_, 2),
                         {{1, -2 * cosine, 1}, {1 + alpha, -2 * cosine, 1 - alpha}});
}

TEST_P(EqualizerDesignTest, PeakIsTheCookbooks) {
  for (const double gain_db : {-40, -6, 0, 12}) {
    const auto [a, cosine, alpha, slope] = Cookbook(cutoff_, 2, gain_db);
    ExpectTransferFunction(
        DesignPeak(cutoff_, 2, gain_db),
        {{1 + alpha * a, -2 * cosine, 1 - alpha * a}, {1 + alpha / a, -2 * cosine, 1 - alpha / a}});
  }
}

TEST_P(EqualizerDesignTest, LowShelfIsTheCookbooks) {
  for (const double gain_db : {-40, -6, 0, 12}) {
    const auto [a, cosine, alpha, slope] = Cookbook(cutoff_, 0.7, gain_db);
    ExpectTransferFunction(
        DesignLowShelf(cutoff_, 0.7, gain_db),
        {{a * ((a + 1) - (a - 1) * cosine + slope), 2 * a * ((a - 1) - (a + 1) * cosine),
          a * ((a + 1) - (a - 1) * cosine - slope)},
         {(a + 1) + (a - 1) * cosine + slope, -2 * ((a - 1) + (a + 1) * cosine),
          (a + 1) + (a - 1) * cosine - slope}});
  }
}

TEST_P(EqualizerDesignTest, HighShelfIsTheCookbooks) {
  for (const double gain_db : {-40, -6, 0, 12}) {
    const auto [a, cosine, alpha, slope] = Cookbook(cutoff_, 0.7, gain_db);
    ExpectTransferFunction(
        DesignHighShelf(cutoff_, 0.7, gain_db),
        {{a * ((a + 1) + (a - 1) * cosine + slope), -2 * a * ((a - 1) + (a + 1) * cosine),
          a * ((a + 1) + (a - 1) * cosine - slope)},
         {(a + 1) - (a - 1) * cosine + slope, 2 * ((a - 1) - (a + 1) * cosine),
          (a + 1) - (a - 1) * cosine - slope}});
  }
}

INSTANTIATE_TEST_SUITE_P(Cutoffs, EqualizerDesignTest, ::testing::Values(1e-4, 0.02, 0.25, 0.49));

}  // namespace
}  // namespace patchbay::testing
