#include <cmath>

#include "gtest/gtest.h"
#include "processors/core/decibels.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr double kOneTimeConstant = 0.63212055882855767840;  // 1 - 1/e

float Amplitude(double db) { return static_cast<float>(DecibelsToRatio(db)); }

double Db(float amplitude) { return RatioToDecibels(std::abs(amplitude)); }

TEST(CompressorTest, FollowsTheStaticCurve) {
  const std::map<std::string, ParameterValue> parameters = {
      {"threshold_db", -30.0}, {"ratio", 4.0}, {"knee_db", 10.0}, {"makeup_db", 5.0}};
  for (double level_db = -60; level_db <= 6; level_db += 1.5) {
    const Clip in = Constant({.num_frames = 48000}, Amplitude(level_db));
    const RunResult result = RunOrDie("compressor", parameters, {in});
    double expected_db = level_db + 5;
    const double over = level_db + 30;
    if (over > 5) {
      expected_db -= 0.75 * over;
    } else if (over > -5) {
      expected_db -= 0.75 * (over + 5) * (over + 5) / 20;
    }
    EXPECT_NEAR(Db(result.outs[0].channel(0)[47999]), expected_db, 0.002) << level_db << " dB in";
  }
}

TEST(CompressorTest, AttackAndReleaseAreTimeConstantsOfTheGain) {
  // 20 dB above the threshold for half a second, then below it. At ratio 2 the gain goes to -10 dB.
  Clip in = Constant({.num_channels = 1, .num_frames = 48000}, 1.0f);
  for (float& sample : in.channel(0).subspan(24000)) sample = 0.01f;
  const RunResult result = RunOrDie("compressor",
                                    {{"threshold_db", -20.0},
                                     {"ratio", 2.0},
                                     {"knee_db", 0.0},
                                     {"attack_seconds", 0.02},
                                     {"release_seconds", 0.15}},
                                    {in});
  const std::span<const float> out = result.outs[0].channel(0);
  EXPECT_NEAR(Db(out[960 - 1]), -10 * kOneTimeConstant, 0.01);
  EXPECT_NEAR(Db(out[23999]), -10, 0.01);
  EXPECT_NEAR(Db(out[24000 + 7200 - 1] / 0.01f), -10 * (1 - kOneTimeConstant), 0.01);
}

TEST(CompressorTest, RatioOneIsTransparent) {
  const Clip in = Noise({});
  const RunResult result = RunOrDie("compressor", {{"ratio", 1.0}, {"threshold_db", -60.0}}, {in});
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < 4800; ++i) ASSERT_EQ(result.outs[0].channel(c)[i], in.channel(c)[i]);
  }
}

TEST(CompressorTest, LinkedChannelsShareTheGainOfTheLoudest) {
  Clip in = Constant({.num_channels = 2, .num_frames = 24000}, Amplitude(-40));
  for (float& sample : in.channel(1)) sample = 1.0f;
  const std::map<std::string, ParameterValue> parameters = {{"ratio", 2.0}, {"knee_db", 0.0}};
  const RunResult linked = RunOrDie("compressor", parameters, {in});
  EXPECT_NEAR(Db(linked.outs[0].channel(0)[23999]), -50, 0.01);
  EXPECT_NEAR(Db(linked.outs[0].channel(1)[23999]), -10, 0.01);

  std::map<std::string, ParameterValue> unlinked_parameters = parameters;
  unlinked_parameters["link"] = false;
  const RunResult unlinked = RunOrDie("compressor", unlinked_parameters, {in});
  EXPECT_NEAR(Db(unlinked.outs[0].channel(0)[23999]), -40, 0.01);
  EXPECT_NEAR(Db(unlinked.outs[0].channel(1)[23999]), -10, 0.01);
}

TEST(CompressorTest, TheSidechainDucksTheAudio) {
  const Clip in = Constant({.num_frames = 48000}, 0.01f);
  const Clip sidechain = Step({.num_channels = 1, .num_frames = 48000}, 24000);
  const RunResult result =
      RunOrDie("compressor", {{"ratio", 2.0}, {"knee_db", 0.0}}, {in, sidechain});
  for (int c = 0; c < 2; ++c) {
    EXPECT_EQ(result.outs[0].channel(c)[23999], 0.01f);
    EXPECT_NEAR(Db(result.outs[0].channel(c)[47999]), -50, 0.01);
  }
}

TEST(CompressorTest, RefusesASidechainThatDoesNotMatchUnlinkedChannels) {
  const Clip in = Noise({.num_channels = 4});
  const Clip sidechain = Noise({.num_channels = 2});
  const auto result = testing::Run("compressor", {{"link", false}}, {in, sidechain});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().message(),
            "compressor.link = false needs a sidechain of 1 or 4 channels, not 2, or link = true");
}

TEST(CompressorTest, ThresholdRatioAndMakeupMoveFrameByFrame) {
  // Attack and release are done within each plateau.
  const Clip in = Constant({.num_channels = 1, .num_frames = 9600}, 1.0f);
  std::vector<float> thresholds(9600), ratios(9600), makeups(9600);
  for (int i = 0; i < 9600; ++i) {
    thresholds[i] = i < 4800 ? -20.0f : -40.0f;
    ratios[i] = i < 4800 ? 2.0f : 4.0f;
    makeups[i] = i < 4900 ? 0.0f : 3.0f;
  }
  const RunResult result = RunOrDie(
      "compressor", {{"knee_db", 0.0}, {"attack_seconds", 0.001}, {"release_seconds", 0.001}}, {in},
      {.automation = {{"threshold_db", thresholds}, {"ratio", ratios}, {"makeup_db", makeups}}});
  const std::span<const float> out = result.outs[0].channel(0);
  EXPECT_NEAR(Db(out[4799]), -10, 0.01);
  EXPECT_NEAR(Db(out[9599]), -30 + 3, 0.01);
  EXPECT_NEAR(Db(out[4900]) - Db(out[4899]), 3, 0.6);  // makeup jumps on its frame
}

TEST(CompressorTest, CallsAndCheckpointsDoNotMatter) {
  const Clip in = Noise({}, 1, 2.0f);
  const Clip sidechain = Noise({}, 2, 1.0f);
  for (const bool link : {true, false}) {
    const std::map<std::string, ParameterValue> parameters = {{"link", link}};
    const RunResult whole = RunOrDie("compressor", parameters, {in, sidechain});
    const RunResult pieces = RunOrDie("compressor", parameters, {in, sidechain},
                                      {.chunk_frames = {1, 7, 200}, .reload_at_frame = 1234});
    for (int c = 0; c < 2; ++c) {
      for (int i = 0; i < 4800; ++i) {
        ASSERT_EQ(whole.outs[0].channel(c)[i], pieces.outs[0].channel(c)[i]);
      }
    }
  }
}

TEST(CompressorTest, FiniteAudioStaysFinite) {
  const Clip in = Constant({}, 3e38f);
  const RunResult result = RunOrDie("compressor", {{"makeup_db", 40.0}, {"ratio", 1.0}}, {in});
  for (const float sample : result.outs[0].channel(0)) ASSERT_TRUE(std::isfinite(sample));
}

}  // namespace
}  // namespace patchbay::testing
