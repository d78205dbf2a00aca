#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr double kOneTimeConstant = 0.63212055882855767840;  // 1 - 1/e

// On for the first half, then silent.
Clip Burst(float amplitude) {
  Clip clip = Constant({.num_channels = 1, .num_frames = 48000}, amplitude);
  std::ranges::fill(clip.channel(0).subspan(24000), 0.0f);
  return clip;
}

TEST(EnvelopeFollowerTest, PeakModeHasTrueTimeConstants) {
  const RunResult result = RunOrDie(
      "envelope_follower", {{"attack_seconds", 0.01}, {"release_seconds", 0.2}}, {Burst(-0.5f)});
  const std::vector<float>& envelope = result.control_outs[0];
  EXPECT_TRUE(result.outs.empty());
  EXPECT_NEAR(envelope[480 - 1], 0.5 * kOneTimeConstant, 1e-5);
  EXPECT_NEAR(envelope[23999], 0.5, 1e-6);
  EXPECT_NEAR(envelope[24000 + 9600 - 1], 0.5 * (1 - kOneTimeConstant), 1e-5);
}

TEST(EnvelopeFollowerTest, RmsModeHasTrueTimeConstantsOfThePower) {
  const RunResult result = RunOrDie(
      "envelope_follower", {{"attack_seconds", 0.01}, {"release_seconds", 0.2}, {"mode", "rms"}},
      {Burst(-0.5f)});
  const std::vector<float>& envelope = result.control_outs[0];
  EXPECT_NEAR(envelope[480 - 1], 0.5 * std::sqrt(kOneTimeConstant), 1e-5);
  EXPECT_NEAR(envelope[24000 + 9600 - 1], 0.5 * std::sqrt(1 - kOneTimeConstant), 1e-5);
}

TEST(EnvelopeFollowerTest, RmsOfASine) {
  const Clip in = Sine({.num_channels = 1, .num_frames = 96000}, 1000, 0.8);
  const RunResult result =
      RunOrDie("envelope_follower",
               {{"attack_seconds", 0.1}, {"release_seconds", 0.1}, {"mode", "rms"}}, {in});
  EXPECT_NEAR(result.control_outs[0].back(), 0.8 / std::sqrt(2.0), 1e-3);
}

TEST(EnvelopeFollowerTest, FollowsTheLoudestChannel) {
  Clip in = Constant({.num_channels = 3, .num_frames = 48000}, 0.1f);
  std::ranges::fill(in.channel(2), -0.7f);
  const RunResult result = RunOrDie("envelope_follower", {}, {in});
  EXPECT_NEAR(result.control_outs[0].back(), 0.7, 1e-6);
}

TEST(EnvelopeFollowerTest, CallsAndCheckpointsDoNotMatter) {
  const Clip in = Noise({});
  for (const char* mode : {"peak", "rms"}) {
    const std::map<std::string, ParameterValue> parameters = {{"mode", std::string(mode)}};
    const RunResult whole = RunOrDie("envelope_follower", parameters, {in});
    const RunResult pieces = RunOrDie("envelope_follower", parameters, {in},
                                      {.chunk_frames = {1, 33, 256}, .reload_at_frame = 999});
    EXPECT_EQ(whole.control_outs, pieces.control_outs);
  }
}

TEST(EnvelopeFollowerTest, LoudAudioStaysFinite) {
  const Clip in = Constant({}, 3e38f);
  const RunResult result = RunOrDie("envelope_follower", {{"mode", std::string("rms")}}, {in});
  for (const float value : result.control_outs[0]) ASSERT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace patchbay::testing
