#include <cmath>
#include <functional>
#include <numbers>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;

// Partials k of amplitude amplitude(k), below half the sample rate.
Clip Tone(int sample_rate_hz, double hz, int num_partials,
          const std::function<double(int)>& amplitude) {
  Clip clip(sample_rate_hz, 1, sample_rate_hz / 6);
  for (int k = 1; k <= num_partials && k * hz < 0.5 * sample_rate_hz; ++k) {
    for (int64_t i = 0; i < clip.num_frames(); ++i) {
      clip.channel(0)[i] += static_cast<float>(
          amplitude(k) * std::sin(kTwoPi * k * hz / sample_rate_hz * static_cast<double>(i) + k));
    }
  }
  return clip;
}

double Cents(double hz, double expected_hz) { return 1200 * std::log2(hz / expected_hz); }

void ExpectPitch(const Clip& clip, double hz, const char* what) {
  const RunResult result = RunOrDie("pitch", {}, {clip}, {.num_frames = clip.num_frames()});
  const std::vector<float>& frequency = result.control_outs[0];
  for (size_t i = frequency.size() / 2; i < frequency.size(); i += 480) {
    ASSERT_LT(std::abs(Cents(frequency[i], hz)), 5)
        << frequency[i] << " Hz instead of " << hz << " Hz, " << what << " at "
        << clip.sample_rate_hz() << " Hz";
    ASSERT_GT(result.control_outs[1][i], 0.85);
  }
}

TEST(PitchTest, IsWithinFiveCentsFrom60HzTo2kHz) {
  for (const int rate : {44100, 192000}) {
    for (double hz = 60; hz < 1990; hz *= 1.23) {
      ExpectPitch(Tone(rate, hz, 1, [](int) { return 0.5; }), hz, "sine");
      ExpectPitch(Tone(rate, hz, 40, [](int k) { return 0.3 / k; }), hz, "saw");
      ExpectPitch(Tone(rate, hz, 10, [](int) { return 0.1; }), hz, "equal partials");
    }
  }
}

TEST(PitchTest, FindsAMissingFundamental) {
  ExpectPitch(Tone(48000, 200, 6, [](int k) { return k == 1 ? 0 : 0.2; }), 200, "partials 2 to 6");
}

TEST(PitchTest, NoiseAndSilenceHaveNone) {
  for (const float amplitude : {0.0f, 0.5f}) {
    const RunResult result = RunOrDie("pitch", {}, {Noise({.num_frames = 24000}, 3, amplitude)});
    EXPECT_TRUE(result.outs.empty());
    for (const float hz : result.control_outs[0]) ASSERT_EQ(hz, 0);
    for (const float confidence : result.control_outs[1]) ASSERT_LT(confidence, 0.7);
  }
}

// From 200 Hz to 300 Hz at 1 s: the first value of the new tone is at the frame of the change.
TEST(PitchTest, LatencyIsAsDeclared) {
  Clip clip = Sine({.num_channels = 1, .num_frames = 96000}, 200);
  const Clip other = Sine({.num_channels = 1, .num_frames = 96000}, 300);
  std::ranges::copy(other.channel(0).last(48000), clip.channel(0).begin() + 48000);
  const RunResult result = RunOrDie("pitch", {}, {clip});
  const std::vector<float>& hz = result.control_outs[0];
  const int64_t latency = result.layout.latency_frames;
  EXPECT_NEAR(hz[48000 - 1200 + latency], 200, 0.1);
  EXPECT_NEAR(hz[48000 + 1200 + latency], 300, 0.1);
}

TEST(PitchTest, RefusesWhatTheSampleRateCannotDo) {
  EXPECT_FALSE(patchbay::testing::Run("pitch", {}, {Noise({.sample_rate_hz = 100})}).ok());
  EXPECT_FALSE(
      patchbay::testing::Run("pitch", {{"minimum_hz", 900.0}, {"maximum_hz", 800.0}}, {Noise({})})
          .ok());
  EXPECT_TRUE(patchbay::testing::Run("pitch", {}, {Noise({.sample_rate_hz = 1000})}).ok());
}

TEST(PitchTest, CallsAndCheckpointsDoNotMatter) {
  Clip in = Tone(48000, 333, 5, [](int k) { return 0.3 / k; });
  const RunResult whole = RunOrDie("pitch", {}, {in});
  const RunResult pieces =
      RunOrDie("pitch", {}, {in}, {.chunk_frames = {1, 33, 256}, .reload_at_frame = 7777});
  EXPECT_EQ(whole.control_outs, pieces.control_outs);
}

TEST(PitchTest, LoudAudioStaysFinite) {
  const RunResult result = RunOrDie("pitch", {}, {Noise({.num_frames = 20000}, 1, 3e38f)});
  for (const auto& output : result.control_outs) {
    for (const float value : output) ASSERT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace patchbay::testing
