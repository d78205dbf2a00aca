#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

std::vector<float> Ramp(int num_frames, float from, float step) {
  std::vector<float> ramp(num_frames);
  for (int i = 0; i < num_frames; ++i) ramp[i] = from + step * i;
  return ramp;
}

TEST(ScaleTest, MultipliesAndAdds) {
  const Clip in = Noise({.num_frames = 1000});
  const RunResult result = RunOrDie("scale", {{"mult", -2.0}, {"offset", 0.25}}, {in});
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < 1000; ++i) {
      ASSERT_EQ(result.outs[0].channel(c)[i], in.channel(c)[i] * -2.0f + 0.25f);
    }
  }
}

TEST(ScaleTest, FollowsEitherControl) {
  const Clip in = Noise({.num_frames = 1000});
  const std::vector<float> mult = Ramp(1000, -1, 0.01f);
  const std::vector<float> offset = Ramp(1000, 1, -0.002f);
  const RunResult only_mult = RunOrDie("scale", {}, {in}, {.automation = {{"mult", mult}}});
  const RunResult only_offset = RunOrDie("scale", {}, {in}, {.automation = {{"offset", offset}}});
  const RunResult both =
      RunOrDie("scale", {}, {in}, {.automation = {{"mult", mult}, {"offset", offset}}});
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < 1000; ++i) {
      const float x = in.channel(c)[i];
      ASSERT_EQ(only_mult.outs[0].channel(c)[i], x * mult[i]);
      ASSERT_EQ(only_offset.outs[0].channel(c)[i], x + offset[i]);
      ASSERT_EQ(both.outs[0].channel(c)[i], x * mult[i] + offset[i]);
    }
  }
}

TEST(ScaleTest, StaysFinite) {
  const Clip in = Constant({.num_frames = 10}, 3e38f);
  const RunResult result = RunOrDie("scale", {{"mult", -1000.0}}, {in});
  EXPECT_TRUE(std::isfinite(result.outs[0].channel(0)[0]));
}

}  // namespace
}  // namespace patchbay::testing
