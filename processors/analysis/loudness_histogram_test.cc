#include "processors/analysis/loudness_histogram.h"

#include <cmath>
#include <random>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(LoudnessHistogramTest, LoudnessAndPowerAreInverse) {
  EXPECT_NEAR(LoudnessDb(1), -0.691, 1e-6);
  EXPECT_NEAR(LoudnessDb(LoudnessPower(-23)), -23, 1e-5);
  EXPECT_EQ(LoudnessDb(0), -120);
}

TEST(LoudnessHistogramTest, NothingYet) {
  LoudnessHistogram histogram;
  histogram.Add(LoudnessPower(-71));
  EXPECT_EQ(histogram.GatedPower(-10), 0);
  EXPECT_EQ(histogram.GatedRangeDb(-20), 0);
}

// -20 LUFS nine times and -40 LUFS once: the mean of all is about -20.5, the gate about -30.5.
TEST(LoudnessHistogramTest, WhatIsSofterThanTheGateIsNotCounted) {
  LoudnessHistogram histogram;
  for (int i = 0; i < 9; ++i) histogram.Add(LoudnessPower(-20));
  for (const double softer : {-40.0, -69.0, -75.0}) histogram.Add(LoudnessPower(softer));
  EXPECT_NEAR(LoudnessDb(histogram.GatedPower(-10)), -20, 0.006);
  EXPECT_NEAR(LoudnessDb(histogram.GatedPower(-30)), -20 + 10 * std::log10(0.9 + 0.1 * 0.01),
              0.006);
}

TEST(LoudnessHistogramTest, RangeIsFromThe10thToThe95thPercentile) {
  LoudnessHistogram histogram;
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform(-30, -20);
  for (int i = 0; i < 100000; ++i) histogram.Add(LoudnessPower(uniform(random)));
  EXPECT_NEAR(histogram.GatedRangeDb(-20), 8.5, 0.1);
}

TEST(LoudnessHistogramTest, LoudnessBeyondTheHistogramCountsAsItsTop) {
  LoudnessHistogram histogram;
  histogram.Add(LoudnessPower(100));
  EXPECT_NEAR(LoudnessDb(histogram.GatedPower(-10)), 30, 0.01);
}

}  // namespace
}  // namespace patchbay::testing
