#include "processors/dynamics/ballistics.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

constexpr double kSampleRateHz = 48000;
constexpr double kOneTimeConstant = 0.63212055882855767840;  // 1 - 1/e

// The last output for a steady input.
double After(const Ballistics& ballistics, double seconds, double from, float input) {
  std::vector<float> values(static_cast<size_t>(seconds * kSampleRateHz), input);
  double level = from;
  ballistics.Follow(values, level);
  EXPECT_EQ(values.back(), static_cast<float>(level));
  return level;
}

TEST(BallisticsTest, TimesAreTimeConstantsWhicheverIsLonger) {
  for (const auto& [attack, release] :
       {std::pair(0.005, 0.1), std::pair(0.1, 0.005), std::pair(0.02, 0.02)}) {
    const Ballistics ballistics(attack, release, kSampleRateHz);
    EXPECT_NEAR(After(ballistics, attack, 0, 1.0f), kOneTimeConstant, 1e-6);
    EXPECT_NEAR(After(ballistics, release, 1, 0.0f), 1 - kOneTimeConstant, 1e-6);
  }
}

TEST(BallisticsTest, ReachesASteadyInputEvenWhenSlow) {
  const Ballistics ballistics(1.0, 5.0, kSampleRateHz);
  EXPECT_NEAR(After(ballistics, 60, 0, 0.7f), 0.7f, 1e-7);
}

TEST(BallisticsTest, ChannelsSideBySideAreIndependent) {
  const Ballistics ballistics(0.001, 0.002, kSampleRateHz);
  std::vector<float> left(100), right(100);
  for (int i = 0; i < 100; ++i) {
    left[i] = std::sin(0.3f * i);
    right[i] = std::cos(0.2f * i);
  }
  std::vector<float> left_alone = left, right_alone = right;
  double left_level = 0, right_level = 0;
  ballistics.Follow(left, right, left_level, right_level);
  double left_level_alone = 0, right_level_alone = 0;
  ballistics.Follow(left_alone, left_level_alone);
  ballistics.Follow(right_alone, right_level_alone);
  EXPECT_EQ(left, left_alone);
  EXPECT_EQ(right, right_alone);
  EXPECT_EQ(left_level, left_level_alone);
  EXPECT_EQ(right_level, right_level_alone);
}

}  // namespace
}  // namespace patchbay::testing
