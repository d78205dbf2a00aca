#include <cmath>
#include <numbers>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using std::numbers::pi;

TEST(DelayTest, AWholeNumberOfFramesIsExact) {
  const Clip in = Noise({});
  // 0.1 s is no float: the nearest one is still 4800 frames.
  for (const int frames : {0, 1, 2, 3, 7, 100, 255, 256, 257, 4800}) {
    const RunResult result = RunOrDie(
        "delay", {{"delay_seconds", frames / 48000.0}, {"feedback", 0.0}, {"mix", 1.0}}, {in});
    EXPECT_EQ(result.layout.tail_frames, frames);
    const Clip& out = result.outs[0];
    for (int c = 0; c < 2; ++c) {
      for (int i = 0; i < 4800 + frames; ++i) {
        ASSERT_EQ(out.channel(c)[i], i < frames ? 0 : in.channel(c)[i - frames])
            << frames << " frames, at " << i;
      }
    }
  }
}

TEST(DelayTest, FeedbackMakesAGeometricSeries) {
  const Clip in = Impulse({.num_frames = 10}, 3);
  for (const int frames : {1, 2, 5, 9, 300}) {
    const RunResult result = RunOrDie(
        "delay", {{"delay_seconds", frames / 48000.0}, {"feedback", 0.5}, {"mix", 0.25}}, {in});
    // 2^-9 is above -60 dB, 2^-10 is not.
    EXPECT_EQ(result.layout.tail_frames, 10 * frames);
    std::vector<float> expected(10 + 10 * frames);
    expected[3] = 0.75f;
    for (int k = 1; 3 + k * frames < static_cast<int>(expected.size()); ++k) {
      expected[3 + k * frames] = 0.25f * std::ldexp(1.0f, 1 - k);
    }
    const std::span<const float> out = result.outs[0].channel(1);
    EXPECT_EQ(std::vector<float>(out.begin(), out.end()), expected) << frames << " frames";
  }
}

TEST(DelayTest, AFractionOfAFrameDelaysTheWave) {
  const Clip in = Sine({.num_channels = 1}, 1000);
  for (const double frames : {2.5, 3.25, 10.1, 100.9, 1000.5}) {
    const RunResult result = RunOrDie(
        "delay", {{"delay_seconds", frames / 48000}, {"feedback", 0.0}, {"mix", 1.0}}, {in});
    for (int i = 1100; i < 4800; ++i) {
      const double expected = 0.5 * std::sin(2 * pi * 1000 / 48000 * (i - frames));
      ASSERT_NEAR(result.outs[0].channel(0)[i], expected, 1e-5) << frames << " frames";
    }
  }
}

TEST(DelayTest, AMovingDelayIsAVaryingSpeed) {
  // delay = i / 4 + 0.3 frames, starting at 0.3: the sine is heard 3/4 as fast.
  constexpr int kFrames = 9600;
  const Clip in = Sine({.num_channels = 1, .num_frames = kFrames}, 400);
  std::vector<float> seconds(kFrames);
  for (int i = 0; i < kFrames; ++i) seconds[i] = (0.3f + 0.25f * i) / 48000;
  const RunResult result =
      RunOrDie("delay", {{"feedback", 0.0}, {"mix", 1.0}}, {in},
               {.automation = {{"delay_seconds", seconds}}, .num_frames = kFrames});
  for (int i = 0; i < kFrames; ++i) {
    const double expected = 0.5 * std::sin(2 * pi * 400 / 48000 * (0.75 * i - 0.3));
    // Linear below two frames of delay, and the sine starts with a bend.
    ASSERT_NEAR(result.outs[0].channel(0)[i], expected, i < 12 ? 0.02 : 1e-4) << "frame " << i;
  }
}

TEST(DelayTest, IsHeldAtItsMaximum) {
  const Clip in = Impulse({.num_channels = 1}, 0);
  const std::vector<float> seconds(4800, 20.0f);
  const RunResult result = RunOrDie(
      "delay",
      {{"delay_seconds", 0.0}, {"max_delay_seconds", 0.01}, {"feedback", 0.0}, {"mix", 1.0}}, {in},
      {.automation = {{"delay_seconds", seconds}}, .num_frames = 4800});
  for (int i = 0; i < 4800; ++i) ASSERT_EQ(result.outs[0].channel(0)[i], i == 480 ? 1 : 0);
}

TEST(DelayTest, CallsCheckpointsAndTheFormOfControlsDoNotMatter) {
  const Clip in = Noise({});
  for (const double frames :
       {0.0, 0.4, 1.0, 1.5, 2.0, 3.0, 5.5, 7.0, 9.0, 10.7, 200.0, 300.3, 2000.0}) {
    const double seconds = frames / 48000;
    const std::map<std::string, ParameterValue> parameters = {
        {"delay_seconds", seconds}, {"feedback", 0.7}, {"mix", 0.6}};
    const RunResult whole = RunOrDie("delay", parameters, {in}, {.num_frames = 6000});
    const RunResult frame_by_frame =
        RunOrDie("delay", parameters, {in}, {.chunk_frames = {1}, .num_frames = 6000});
    const RunResult varying = RunOrDie(
        "delay", parameters, {in},
        {.chunk_frames = {5, 256, 31},
         .automation = {{"delay_seconds", std::vector<float>(6000, static_cast<float>(seconds))},
                        {"mix", std::vector<float>(6000, 0.6f)}},
         .num_frames = 6000,
         .reload_at_frame = 3333});
    for (int c = 0; c < 2; ++c) {
      for (int i = 0; i < 6000; ++i) {
        const float sample = whole.outs[0].channel(c)[i];
        ASSERT_EQ(sample, frame_by_frame.outs[0].channel(c)[i]) << frames << ", frame " << i;
        ASSERT_EQ(sample, varying.outs[0].channel(c)[i]) << frames << ", frame " << i;
      }
    }
  }
}

TEST(DelayTest, StrongFeedbackStaysStable) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 480});
  for (const double frames : {0.5, 1.3, 1.5, 2.5, 20.5, 100.25}) {
    const RunResult result =
        RunOrDie("delay", {{"delay_seconds", frames / 48000}, {"feedback", 0.99}, {"mix", 1.0}},
                 {in}, {.num_frames = 200000});
    for (const float sample : result.outs[0].channel(0)) ASSERT_LT(std::abs(sample), 50);
    EXPECT_LT(std::abs(result.outs[0].channel(0)[199999]), 1e-3) << frames;
  }
}

TEST(DelayTest, LoudAudioStaysFinite) {
  const RunResult result = RunOrDie("delay", {{"delay_seconds", 2.5 / 48000}, {"feedback", 0.99}},
                                    {Constant({}, 3e38f)});
  for (const float sample : result.outs[0].channel(0)) ASSERT_TRUE(std::isfinite(sample));
}

TEST(DelayTest, AShortDelayTakesLittleMemory) {
  const RunResult result = RunOrDie("delay", {{"delay_seconds", 0.01}}, {Noise({})});
  EXPECT_LT(result.layout.state_bytes, 50000);
}

TEST(DelayTest, RefusesWhatCannotBe) {
  EXPECT_EQ(testing::Run("delay", {{"delay_seconds", 2.0}, {"max_delay_seconds", 1.0}}, {Noise({})})
                .status()
                .message(),
            "delay.max_delay_seconds = 1 s must be 0 or at least delay_seconds, 2 s");
  EXPECT_FALSE(testing::Run("delay", {{"delay_seconds", 30.0}},
                            {Noise({.sample_rate_hz = 768000, .num_channels = 64})})
                   .ok());
}

}  // namespace
}  // namespace patchbay::testing
