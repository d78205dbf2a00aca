#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(GainTest, MultipliesByTheRatio) {
  const Clip in = Noise({.num_frames = 1000});
  const RunResult result = RunOrDie("gain", {{"gain_db", -6.0}}, {in});
  const float ratio = static_cast<float>(std::pow(10.0, -6.0 / 20));
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < 1000; ++i) {
      ASSERT_NEAR(result.outs[0].channel(c)[i], in.channel(c)[i] * ratio, 1e-7);
    }
  }
}

TEST(GainTest, FollowsItsControlFrameByFrame) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 1000}, 1.0f);
  std::vector<float> ramp(1000);
  for (int i = 0; i < 1000; ++i) ramp[i] = -60 + 0.06f * i;
  const RunResult result = RunOrDie("gain", {}, {in}, {.automation = {{"gain_db", ramp}}});
  for (int i = 0; i < 1000; ++i) {
    const double expected = std::pow(10.0, ramp[i] / 20);
    ASSERT_NEAR(result.outs[0].channel(0)[i], expected, 1e-6 * expected) << "frame " << i;
  }
}

TEST(GainTest, IsTheSameForAConstantAndForAControlThatStandsStill) {
  const Clip in = Noise({.num_frames = 1000});
  const RunResult constant = RunOrDie("gain", {{"gain_db", -7.3}}, {in});
  const std::vector<float> still(1000, -7.3f);
  const RunResult control = RunOrDie("gain", {}, {in}, {.automation = {{"gain_db", still}}});
  EXPECT_TRUE(std::ranges::equal(constant.outs[0].channel(0), control.outs[0].channel(0)));
}

}  // namespace
}  // namespace patchbay::testing
