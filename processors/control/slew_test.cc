#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

constexpr int kFrames = 20000;

// 2, from frame 1000 on 12, from frame 10000 on 2.
std::vector<float> Steps() {
  std::vector<float> steps(kFrames, 2.0f);
  std::fill(steps.begin() + 1000, steps.begin() + 10000, 12.0f);
  return steps;
}

std::vector<float> Followed(const Values& values, const std::vector<float>& input) {
  return RunOrDie("slew", values, {}, {.automation = {{"input", input}}, .num_frames = kFrames})
      .control_outs[0];
}

TEST(SlewTest, OnePoleHasTrueTimeConstants) {
  const std::vector<float> out =
      Followed({{"rise_seconds", 0.01}, {"fall_seconds", 0.05}}, Steps());
  EXPECT_EQ(out[999], 2.0f);
  for (int i = 0; i < 9000; ++i) {
    ASSERT_NEAR(out[1000 + i], 12 - 10 * std::exp(-(i + 1) / 480.0), 1e-5) << "frame " << i;
    ASSERT_NEAR(out[10000 + i], 2 + 10 * std::exp(-(i + 1) / 2400.0), 1e-5) << "frame " << i;
  }
}

TEST(SlewTest, LinearTakesItsTimeForTheRange) {
  const std::vector<float> out = Followed({{"rise_seconds", 0.01},
                                           {"fall_seconds", 0.05},
                                           {"mode", std::string("linear")},
                                           {"range", 10.0}},
                                          Steps());
  for (int i = 0; i < 9000; ++i) {
    ASSERT_NEAR(out[1000 + i], std::min(12.0, 2 + 10 * (i + 1) / 480.0), 1e-5) << "frame " << i;
    ASSERT_NEAR(out[10000 + i], std::max(2.0, 12 - 10 * (i + 1) / 2400.0), 1e-5) << "frame " << i;
  }
}

TEST(SlewTest, NoTimeIsNoSlew) {
  for (const char* mode : {"one_pole", "linear"}) {
    EXPECT_EQ(Followed({{"rise_seconds", 0.0}, {"fall_seconds", 0.0}, {"mode", std::string(mode)}},
                       Steps()),
              Steps());
  }
}

TEST(SlewTest, CallsAndCheckpointsDoNotMatter) {
  for (const char* mode : {"one_pole", "linear"}) {
    const Values values = {{"mode", std::string(mode)}};
    const RunResult pieces = RunOrDie("slew", values, {},
                                      {.chunk_frames = {1, 33, 256},
                                       .automation = {{"input", Steps()}},
                                       .num_frames = kFrames,
                                       .reload_at_frame = 1234});
    EXPECT_EQ(pieces.control_outs[0], Followed(values, Steps()));
  }
}

TEST(SlewTest, AConstantInputIsTheSameAsAControlThatStandsStill) {
  const RunResult constant = RunOrDie("slew", {{"input", 0.1}}, {}, {.num_frames = kFrames});
  EXPECT_EQ(constant.control_outs[0], Followed({}, std::vector<float>(kFrames, 0.1f)));
}

}  // namespace
}  // namespace patchbay::testing
