#include "processors/analysis/k_weighting.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(KWeightingTest, HasTheCoefficientsOfTheStandardAt48kHz) {
  const std::array<TransferFunction, 2> expected = {
      TransferFunction{{1.53512485958697, -2.69169618940638, 1.19839281085285},
                       {1, -1.69065929318241, 0.73248077421585}},
      TransferFunction{{1, -2, 1}, {1, -1.99004745483398, 0.99007225036621}}};
  const std::array<Biquad, 2> sections = DesignKWeighting(48000);
  for (int s = 0; s < 2; ++s) {
    const TransferFunction actual = TransferFunctionOf(sections[s]);
    for (int i = 0; i < 3; ++i) {
      EXPECT_NEAR(actual.b[i], expected[s].b[i], 1e-6) << "section " << s << " b" << i;
      EXPECT_NEAR(actual.a[i], expected[s].a[i], 1e-7) << "section " << s << " a" << i;
    }
  }
}

double ResponseDb(int sample_rate_hz, double hz) {
  const auto z = std::polar(1.0, -2 * std::numbers::pi * hz / sample_rate_hz);
  double db = 0;
  for (const Biquad& section : DesignKWeighting(sample_rate_hz)) {
    const TransferFunction h = TransferFunctionOf(section);
    db += 20 * std::log10(std::abs((h.b[0] + h.b[1] * z + h.b[2] * z * z) /
                                   (h.a[0] + h.a[1] * z + h.a[2] * z * z)));
  }
  return db;
}

TEST(KWeightingTest, WeighsAlikeAtEveryRate) {
  for (const int rate : {16000, 44100, 96000, 768000}) {
    for (const double hz : {20.0, 50.0, 200.0, 1000.0, 2000.0}) {
      EXPECT_NEAR(ResponseDb(rate, hz), ResponseDb(48000, hz), 0.1) << rate << " " << hz;
    }
  }
}

}  // namespace
}  // namespace patchbay::testing
