#include "processors/generators/pink_filter.h"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

std::vector<float> ImpulseResponse(double sample_rate_hz) {
  std::vector<float> response(static_cast<size_t>(sample_rate_hz));
  response[0] = 1;
  PinkFilter::Memory memory;
  PinkFilter(sample_rate_hz).Process(response, memory);
  return response;
}

double GainDb(const std::vector<float>& response, double cycles_per_frame) {
  std::complex<double> sum = 0;
  for (size_t i = 0; i < response.size(); ++i) {
    sum += std::polar<double>(response[i], -2 * std::numbers::pi * cycles_per_frame * i);
  }
  return 20 * std::log10(std::abs(sum));
}

TEST(PinkFilterTest, FallsByThreeDecibelsPerOctave) {
  for (const double sample_rate_hz : {8000.0, 44100.0, 48000.0, 96000.0}) {
    const std::vector<float> response = ImpulseResponse(sample_rate_hz);
    const auto slope_free_db = [&](double hz) {
      return GainDb(response, hz / sample_rate_hz) + 10 * std::log10(hz);
    };
    double lowest = 1e9, highest = -1e9;
    for (double hz = 20; hz < 0.46 * sample_rate_hz; hz *= 1.1) {
      lowest = std::min(lowest, slope_free_db(hz));
      highest = std::max(highest, slope_free_db(hz));
    }
    EXPECT_LT(highest - lowest, 0.2) << sample_rate_hz << " Hz";
  }
}

TEST(PinkFilterTest, HasTheStatedPowerAtAnySampleRate) {
  for (const double sample_rate_hz : {100.0, 8000.0, 48000.0, 768000.0}) {
    double energy = 0;
    for (const double sample : ImpulseResponse(sample_rate_hz)) energy += sample * sample;
    EXPECT_NEAR(std::sqrt(energy / 3), 0.2, 1e-4) << sample_rate_hz << " Hz";
  }
}

}  // namespace
}  // namespace patchbay::testing
