#include <ebur128.h>

#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

enum { kMomentary, kShortTerm, kIntegrated, kRange, kTruePeak };

float Last(const RunResult& result, int output) { return result.control_outs[output].back(); }

void Append(const Clip& more, Clip& clip, int64_t at_frame) {
  for (int c = 0; c < clip.num_channels(); ++c) {
    std::ranges::copy(more.channel(c), clip.channel(c).begin() + at_frame);
  }
}

// EBU Tech 3341, test case 1: a stereo sine of 1 kHz at -23 dBFS is -23 LUFS.
TEST(LoudnessTest, ASineAtMinus23) {
  for (const int rate : {44100, 48000, 96000}) {
    const Clip in = Sine({rate, 2, 4 * rate}, 1000, std::pow(10, -23.0 / 20));
    const RunResult result = RunOrDie("loudness", {}, {in});
    EXPECT_TRUE(result.outs.empty());
    for (const int output : {kMomentary, kShortTerm, kIntegrated}) {
      EXPECT_NEAR(Last(result, output), -23, 0.1) << rate << " Hz, output " << output;
    }
    EXPECT_NEAR(Last(result, kRange), 0, 0.1);
    EXPECT_NEAR(Last(result, kTruePeak), -23, 0.1);
  }
}

// As Tech 3341, test case 3: softer parts are gated away. Of 203 blocks, 6 lie across the changes
// and count in part.
TEST(LoudnessTest, SoftPartsAreGated) {
  constexpr int kRate = 16000;
  Clip in(kRate, 2, 24 * kRate);
  Append(Sine({kRate, 2, 2 * kRate}, 1000, std::pow(10, -36.0 / 20)), in, 0);
  Append(Sine({kRate, 2, 20 * kRate}, 1000, std::pow(10, -23.0 / 20)), in, 2 * kRate);
  Append(Sine({kRate, 2, 2 * kRate}, 1000, std::pow(10, -36.0 / 20)), in, 22 * kRate);
  const RunResult result = RunOrDie("loudness", {}, {in});
  EXPECT_NEAR(Last(result, kIntegrated), -23 + 10 * std::log10(200 / 203.0), 0.05);
  EXPECT_NEAR(Last(result, kMomentary), -36, 0.1);
}

// EBU Tech 3342, test case 1, shortened.
TEST(LoudnessTest, RangeOfTwoLevels) {
  constexpr int kRate = 16000;
  Clip in(kRate, 2, 20 * kRate);
  Append(Sine({kRate, 2, 10 * kRate}, 1000, std::pow(10, -20.0 / 20)), in, 0);
  Append(Sine({kRate, 2, 10 * kRate}, 1000, std::pow(10, -30.0 / 20)), in, 10 * kRate);
  EXPECT_NEAR(Last(RunOrDie("loudness", {}, {in}), kRange), 10, 0.1);
}

// As EBU Tech 3341, test cases 15 to 19: a sine whose samples miss its peaks.
TEST(LoudnessTest, TruePeakBetweenSamples) {
  Clip in(48000, 1, 24000);
  for (int i = 0; i < 24000; ++i) in.channel(0)[i] = (i / 2) % 2 == 0 ? 0.5f : -0.5f;
  EXPECT_NEAR(Last(RunOrDie("loudness", {}, {in}), kTruePeak),
              20 * std::log10(0.5 * std::sqrt(2.0)), 0.4);
}

TEST(LoudnessTest, SurroundChannelsWeighMoreAndTheLfeNothing) {
  const auto loudness = [](int num_channels, int channel) {
    Clip in(48000, num_channels, 48000);
    const Clip tone = Sine({.num_channels = 1, .num_frames = 48000}, 1000, 0.1);
    std::ranges::copy(tone.channel(0), in.channel(channel).begin());
    return Last(RunOrDie("loudness", {}, {in}), kMomentary);
  };
  const float front = loudness(1, 0);
  EXPECT_NEAR(loudness(6, 2), front, 1e-3);
  EXPECT_NEAR(loudness(6, 4), front + 1.5, 0.02);
  EXPECT_NEAR(loudness(8, 7), front + 1.5, 0.02);
  EXPECT_NEAR(loudness(12, 11), front, 1e-3);
  EXPECT_EQ(loudness(6, 3), -120);
}

// 6 dB louder after 4 s: momentary loudness has arrived after 400 ms, short-term loudness is part
// of the way.
TEST(LoudnessTest, WindowsAreAsTheyAreCalled) {
  constexpr int kRate = 48000;
  Clip in(kRate, 2, 6 * kRate);
  Append(Sine({kRate, 2, 4 * kRate}, 1000, 0.1), in, 0);
  Append(Sine({kRate, 2, 2 * kRate}, 1000, 0.2), in, 4 * kRate);
  const RunResult result = RunOrDie("loudness", {}, {in});
  const float soft = 20 * std::log10(0.1f), louder = 20 * std::log10(0.2f);
  EXPECT_NEAR(result.control_outs[kMomentary][4 * kRate], soft, 0.05);
  EXPECT_NEAR(result.control_outs[kMomentary][4 * kRate + kRate * 4 / 10], louder, 0.05);
  EXPECT_NEAR(result.control_outs[kShortTerm][4 * kRate + kRate * 15 / 10],
              10 * std::log10((0.01 + 0.04) / 2), 0.05);
}

// libebur128 on noise that swells and fades, so that both gates have something to hold back.
TEST(LoudnessTest, AgreesWithLibebur128) {
  for (const int rate : {44100, 48000, 96000}) {
    Clip in = Noise({rate, 2, 5 * rate}, 9);
    for (int64_t i = 0; i < in.num_frames(); ++i) {
      const double gain = std::pow(10, -2 + 2 * std::sin(1e-4 * static_cast<double>(i)));
      for (int c = 0; c < 2; ++c) in.channel(c)[i] *= static_cast<float>(gain);
    }
    std::vector<float> interleaved;
    for (int64_t i = 0; i < in.num_frames(); ++i) {
      for (int c = 0; c < 2; ++c) interleaved.push_back(in.channel(c)[i]);
    }
    ebur128_state* meter = ebur128_init(2, rate, EBUR128_MODE_I | EBUR128_MODE_S);
    ebur128_add_frames_float(meter, interleaved.data(), in.num_frames());
    double momentary, short_term, integrated;
    ebur128_loudness_momentary(meter, &momentary);
    ebur128_loudness_shortterm(meter, &short_term);
    ebur128_loudness_global(meter, &integrated);
    ebur128_destroy(&meter);
    // The values of the whole clip are those of the frame after it. The library's high-pass is
    // 0.02 dB lower at 96 kHz than at 48 kHz.
    const RunResult result = RunOrDie("loudness", {}, {in}, {.num_frames = in.num_frames() + 1});
    EXPECT_NEAR(Last(result, kMomentary), momentary, 0.03) << rate;
    EXPECT_NEAR(Last(result, kShortTerm), short_term, 0.03) << rate;
    EXPECT_NEAR(Last(result, kIntegrated), integrated, 0.05) << rate;
  }
}

TEST(LoudnessTest, CallsAndCheckpointsDoNotMatter) {
  const Clip in = Noise({.num_channels = 3, .num_frames = 60000});
  const RunResult whole = RunOrDie("loudness", {}, {in});
  const RunResult pieces =
      RunOrDie("loudness", {}, {in}, {.chunk_frames = {1, 33, 256}, .reload_at_frame = 33333});
  EXPECT_EQ(whole.control_outs, pieces.control_outs);
}

TEST(LoudnessTest, SilenceAndAbsurdAudioStayFinite) {
  for (const float amplitude : {0.0f, 3e38f}) {
    const RunResult result =
        RunOrDie("loudness", {}, {Noise({.num_channels = 64, .num_frames = 30000}, 1, amplitude)});
    for (const auto& output : result.control_outs) {
      for (const float value : output) ASSERT_TRUE(std::isfinite(value));
    }
  }
}

TEST(LoudnessTest, RefusesLowSampleRates) {
  EXPECT_FALSE(patchbay::testing::Run("loudness", {}, {Noise({.sample_rate_hz = 7999})}).ok());
}

}  // namespace
}  // namespace patchbay::testing
