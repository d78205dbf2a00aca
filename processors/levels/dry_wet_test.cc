#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

const Shape kMono = {.num_channels = 1, .num_frames = 1000};

TEST(DryWetTest, TheEndsAreTheInputsToTheLastBit) {
  const Clip dry = Noise(kMono, 1);
  const Clip wet = Noise(kMono, 2);
  const RunResult all_dry = RunOrDie("dry_wet", {{"balance", 0.0}}, {dry, wet});
  const RunResult all_wet = RunOrDie("dry_wet", {{"balance", 1.0}}, {dry, wet});
  EXPECT_TRUE(std::ranges::equal(all_dry.outs[0].channel(0), dry.channel(0)));
  EXPECT_TRUE(std::ranges::equal(all_wet.outs[0].channel(0), wet.channel(0)));
}

TEST(DryWetTest, FollowsItsControl) {
  const Clip dry = Constant(kMono, 1);
  const Clip wet = Constant(kMono, -1);
  std::vector<float> ramp(1000);
  for (int i = 0; i < 1000; ++i) ramp[i] = i / 1000.0f;
  const RunResult result = RunOrDie("dry_wet", {}, {dry, wet}, {.automation = {{"balance", ramp}}});
  for (int i = 0; i < 1000; ++i) ASSERT_NEAR(result.outs[0].channel(0)[i], 1 - 2 * ramp[i], 1e-6);
}

TEST(DryWetTest, MonoGoesWithAnyNumberOfChannels) {
  const Clip dry = Noise(kMono);
  const Clip wet = Noise({.num_channels = 3, .num_frames = 1000});
  const RunResult result = RunOrDie("dry_wet", {{"balance", 0.5}}, {dry, wet});
  ASSERT_EQ(result.outs[0].num_channels(), 3);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_FLOAT_EQ(result.outs[0].channel(2)[i],
                    0.5f * dry.channel(0)[i] + 0.5f * wet.channel(2)[i]);
  }
  EXPECT_FALSE(testing::Run("dry_wet", {}, {Noise({.num_channels = 2}), wet}).ok());
}

}  // namespace
}  // namespace patchbay::testing
