#include "processors/generators/wave_tables.h"

#include <cmath>
#include <numbers>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

using std::numbers::pi;

double SawSeries(int num_harmonics, double phase) {
  double sum = 0;
  for (int k = 1; k <= num_harmonics; ++k) {
    sum += (k % 2 == 1 ? 2 : -2) / (pi * k) * std::sin(2 * pi * k * phase);
  }
  return sum;
}

TEST(WaveTablesTest, ReadsTheFourierSeriesAtAnyPhase) {
  for (const int num_harmonics : {1, 2, 5, 11, 48, 1024}) {
    // Just beyond the fade.
    const auto selection = WaveTables::Saw().Select(1.07f * num_harmonics);
    for (int i = 0; i < 200; ++i) {
      const uint32_t phase = static_cast<uint32_t>(i) * 0x9e3779b9u;
      EXPECT_NEAR(selection.Read(phase), SawSeries(num_harmonics, phase * 0x1p-32), 3e-5)
          << num_harmonics << " harmonics";
    }
  }
}

TEST(WaveTablesTest, FadesWithoutAJump) {
  const uint32_t phase = 0x12345678;
  float previous = WaveTables::Saw().Select(1).Read(phase);
  for (float harmonics = 1; harmonics < 40; harmonics *= 1.0001f) {
    const float value = WaveTables::Saw().Select(harmonics).Read(phase);
    // The second harmonic has an amplitude of 0.32 and fades over 1/16.
    EXPECT_NEAR(value, previous, 0.32 * 2 * 0.0001 * 16 * 1.1) << harmonics;
    previous = value;
  }
}

TEST(WaveTablesTest, ThePartialAtTheLimitIsSilent) {
  // With exactly two harmonics below half the sample rate, the second is at it.
  for (int i = 0; i < 100; ++i) {
    const uint32_t phase = static_cast<uint32_t>(i) * 0x9e3779b9u;
    EXPECT_NEAR(WaveTables::Saw().Select(2).Read(phase), SawSeries(1, phase * 0x1p-32), 1e-6);
  }
}

TEST(WaveTablesTest, AnyNumberOfHarmonicsIsSafe) {
  for (const float harmonics : {1.0f, 1023.9f, 1024.0f, 1e9f, 3e38f, INFINITY}) {
    EXPECT_LT(std::abs(WaveTables::Square().Select(harmonics).Read(0xffffffffu)), 1.3f);
    EXPECT_LT(std::abs(WaveTables::Triangle().Select(harmonics).Read(0x80000000u)), 1.3f);
  }
}

}  // namespace
}  // namespace patchbay::testing
