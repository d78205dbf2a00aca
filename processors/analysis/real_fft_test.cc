#include "processors/analysis/real_fft.h"

#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(RealFftTest, IsTheDiscreteFourierTransformAndBack) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (const int size : {16, 64, 90, 512}) {
    const RealFft& fft = RealFft::OfSize(size);
    AlignedFloats frames(size), spectrum(size + 2), back(size);
    for (float& x : frames) x = uniform(random);
    fft.Forward(frames.data(), spectrum.data());
    for (int k = 0; k < fft.num_bins(); ++k) {
      std::complex<double> sum = 0;
      for (int n = 0; n < size; ++n) {
        sum += double{frames[n]} * std::polar(1.0, -2 * std::numbers::pi * k * n / size);
      }
      ASSERT_NEAR(spectrum[2 * k], sum.real(), 1e-6 * size) << "size " << size << " bin " << k;
      ASSERT_NEAR(spectrum[2 * k + 1], sum.imag(), 1e-6 * size) << "size " << size << " bin " << k;
    }
    fft.Inverse(spectrum.data(), back.data());
    for (int n = 0; n < size; ++n) ASSERT_NEAR(back[n] / size, frames[n], 1e-6);
  }
}

TEST(RealFftTest, EverySizeIsMadeOnce) { EXPECT_EQ(&RealFft::OfSize(64), &RealFft::OfSize(64)); }

}  // namespace
}  // namespace patchbay::testing
