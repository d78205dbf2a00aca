#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<const Clip> Response(int num_channels, int64_t num_frames,
                                     int sample_rate_hz = 48000) {
  return std::make_shared<Clip>(Noise({sample_rate_hz, num_channels, num_frames}, 9));
}

RunResult Convolve(const std::shared_ptr<const Clip>& impulse, const Clip& in,
                   const RunOptions& options = {}) {
  return RunOrDie("convolution", {{"impulse", impulse}}, {in}, options);
}

std::string ErrorOf(const std::shared_ptr<const Clip>& impulse, const Clip& in) {
  return std::string(Run("convolution", {{"impulse", impulse}}, {in}).status().message());
}

void ExpectEqual(std::span<const float> actual, std::span<const float> expected) {
  ASSERT_EQ(actual.size(), expected.size());
  EXPECT_TRUE(std::ranges::equal(actual, expected));
}

// The response of one path, from an impulse in one channel.
void ExpectResponses(const std::shared_ptr<const Clip>& impulse, int in_channels, int in_channel,
                     const std::vector<int>& response_of_output) {
  Clip in(48000, in_channels, 1);
  in.channel(in_channel)[0] = 1;
  const RunResult result = Convolve(impulse, in);
  ASSERT_EQ(result.outs[0].num_channels(), std::ssize(response_of_output));
  ASSERT_EQ(result.outs[0].num_frames(), impulse->num_frames());
  for (size_t c = 0; c < response_of_output.size(); ++c) {
    const int response = response_of_output[c];
    for (int64_t n = 0; n < impulse->num_frames(); ++n) {
      const float expected = response < 0 ? 0 : impulse->channel(response)[n];
      ASSERT_NEAR(result.outs[0].channel(c)[n], expected, 1e-6) << "output " << c << " frame " << n;
    }
  }
}

TEST(ConvolutionTest, MonoResponseAppliesToEveryChannel) {
  ExpectResponses(Response(1, 3000), 3, 1, {-1, 0, -1});
}

TEST(ConvolutionTest, OtherwiseChannelByChannel) {
  ExpectResponses(Response(2, 3000), 2, 1, {-1, 1});
  ExpectResponses(Response(4, 100), 4, 2, {-1, -1, 2, -1});
}

TEST(ConvolutionTest, MonoAudioWithStereoResponseBecomesStereo) {
  ExpectResponses(Response(2, 3000), 1, 0, {0, 1});
}

TEST(ConvolutionTest, StereoAudioWithFourChannelsIsTrueStereo) {
  ExpectResponses(Response(4, 3000), 2, 0, {0, 1});
  ExpectResponses(Response(4, 3000), 2, 1, {2, 3});
}

TEST(ConvolutionTest, RefusesWhatItCannotRoute) {
  const std::string error = ErrorOf(Response(3, 10), Noise({.num_channels = 2}));
  EXPECT_THAT(error, HasSubstr("convolution.impulse"));
  EXPECT_THAT(error, HasSubstr("3 channels"));
  EXPECT_THAT(error, HasSubstr("the audio has 2"));
  EXPECT_THAT(ErrorOf(Response(4, 10), Noise({.num_channels = 1})), HasSubstr("4 channels"));
}

TEST(ConvolutionTest, RefusesBadResponses) {
  EXPECT_THAT(ErrorOf(Response(2, 10, 44100), Noise({})), HasSubstr("44100 Hz"));
  EXPECT_THAT(ErrorOf(Response(2, 0), Noise({})), HasSubstr("empty"));
  Clip broken = *Response(2, 10);
  broken.channel(1)[3] = NAN;
  EXPECT_THAT(ErrorOf(std::make_shared<Clip>(broken), Noise({})),
              HasSubstr("frame 3 of channel 1"));
}

TEST(ConvolutionTest, OneTapIsAGain) {
  const auto half = std::make_shared<Clip>(Constant({48000, 1, 1}, 0.5f));
  const Clip in = Noise({});
  const RunResult result = Convolve(half, in);
  EXPECT_EQ(result.layout.tail_frames, 0);
  for (int n = 0; n < in.num_frames(); ++n) {
    ASSERT_EQ(result.outs[0].channel(1)[n], 0.5f * in.channel(1)[n]);
  }
}

TEST(ConvolutionTest, BitsDoNotDependOnCallsOrReloading) {
  const auto impulse = Response(2, 15000);
  const Clip in = Noise({.num_frames = 20000});
  const RunResult whole = Convolve(impulse, in);
  for (const int reload_at : {1, 64, 4095, 12288, 16641}) {
    const RunResult pieces =
        Convolve(impulse, in, {.chunk_frames = {1, 200, 31, 256}, .reload_at_frame = reload_at});
    for (int c = 0; c < 2; ++c) ExpectEqual(pieces.outs[0].channel(c), whole.outs[0].channel(c));
  }
}

TEST(ConvolutionTest, MixesWithTheDryAudio) {
  const auto negative = std::make_shared<Clip>(Constant({48000, 1, 1}, -1.0f));
  const Clip in = Constant({48000, 2, 1000}, 1.0f);
  const RunResult fixed = RunOrDie("convolution", {{"impulse", negative}, {"mix", 0.25}}, {in});
  std::vector<float> ramp(1000);
  for (int n = 0; n < 1000; ++n) ramp[n] = n / 1000.0f;
  const RunResult moving =
      RunOrDie("convolution", {{"impulse", negative}}, {in}, {.automation = {{"mix", ramp}}});
  for (int n = 0; n < 1000; ++n) {
    ASSERT_FLOAT_EQ(fixed.outs[0].channel(1)[n], 0.5f);
    ASSERT_NEAR(moving.outs[0].channel(1)[n], 1 - 2 * ramp[n], 1e-6);
  }
}

TEST(ConvolutionTest, NormalizesTheLoudestOutputToUnitEnergy) {
  Clip impulse = *Response(4, 2000);
  for (float& x : impulse.channel(3)) x *= 1e-3f;
  Clip in(48000, 2, 1);
  double energy[2] = {};  // what reaches left and right
  for (int c = 0; c < 2; ++c) {
    in = Clip(48000, 2, 1);
    in.channel(c)[0] = 1;
    const RunResult result =
        RunOrDie("convolution",
                 {{"impulse", std::make_shared<const Clip>(impulse)}, {"normalize", true}}, {in});
    for (int side = 0; side < 2; ++side) {
      for (const double x : result.outs[0].channel(side)) energy[side] += x * x;
    }
  }
  EXPECT_NEAR(energy[0], 1, 1e-5);
  EXPECT_LT(energy[1], 0.6);
}

TEST(ConvolutionTest, DeclaresItsMemory) {
  const RunResult result = Convolve(Response(2, 96000), Noise({.num_frames = 1}));
  EXPECT_GE(result.layout.shared_bytes, 2 * 2 * 96000 * 4 * 0.95);
  EXPECT_GE(result.layout.state_bytes, 2 * 2 * 96000 * 4 * 0.95);
  EXPECT_LE(result.layout.state_bytes, 2 * 2 * 96000 * 4 * 1.3);
}

}  // namespace
}  // namespace patchbay::testing
