#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(LevelTest, PeakAndRmsOfASine) {
  const Clip in = Sine({.num_frames = 48000}, 1000, 0.5);
  const RunResult result = RunOrDie("level", {{"window_seconds", 0.1}}, {in});
  EXPECT_TRUE(result.outs.empty());
  EXPECT_EQ(result.control_outs[0][0], -120);
  EXPECT_EQ(result.control_outs[1][0], -120);
  EXPECT_NEAR(result.control_outs[0].back(), 20 * std::log10(0.5), 1e-4);
  EXPECT_NEAR(result.control_outs[1].back(), 20 * std::log10(0.5 / std::sqrt(2.0)), 1e-4);
}

TEST(LevelTest, PeakIsTheLoudestChannelsRmsOfAllTogether) {
  Clip in = Constant({.num_channels = 4, .num_frames = 9600}, 0);
  std::ranges::fill(in.channel(2), -0.25f);
  const RunResult result = RunOrDie("level", {{"window_seconds", 0.1}}, {in});
  EXPECT_NEAR(result.control_outs[0].back(), 20 * std::log10(0.25), 1e-4);
  EXPECT_NEAR(result.control_outs[1].back(), 20 * std::log10(0.25 / 2), 1e-4);
}

// A window of 4800 frames moves by 150.
TEST(LevelTest, ForgetsWhatHasLeftTheWindow) {
  const Clip in = Impulse({.num_frames = 12000}, 3000);
  const RunResult result = RunOrDie("level", {{"window_seconds", 0.1}}, {in});
  const std::vector<float>& peak = result.control_outs[0];
  const std::vector<float>& rms = result.control_outs[1];
  EXPECT_EQ(peak[3149], -120);
  EXPECT_EQ(peak[3150], 0);
  EXPECT_NEAR(rms[3150], -10 * std::log10(4800), 1e-4);
  EXPECT_EQ(peak[3149 + 4800], 0);
  EXPECT_EQ(peak[3150 + 4800], -120);
  EXPECT_EQ(rms[3150 + 4800], -120);
}

TEST(LevelTest, CallsAndCheckpointsDoNotMatter) {
  const Clip in = Noise({.num_channels = 5, .num_frames = 20000});
  for (const double window_seconds : {0.001, 0.3}) {
    const RunResult whole = RunOrDie("level", {{"window_seconds", window_seconds}}, {in});
    const RunResult pieces = RunOrDie("level", {{"window_seconds", window_seconds}}, {in},
                                      {.chunk_frames = {1, 33, 256}, .reload_at_frame = 7777});
    EXPECT_EQ(whole.control_outs, pieces.control_outs);
  }
}

TEST(LevelTest, LoudAudioStaysFinite) {
  const Clip in = Constant({.num_channels = 64, .num_frames = 20000}, -3e38f);
  const RunResult result = RunOrDie("level", {}, {in});
  for (const auto& output : result.control_outs) {
    for (const float value : output) ASSERT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace patchbay::testing
