#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

enum { kCentroid, kFlatness, kRolloff, kFlux };

constexpr double kBinHz = 48000.0 / 2048;

float Last(const RunResult& result, int output) { return result.control_outs[output].back(); }

TEST(SpectralTest, ASine) {
  for (const double hz : {100 * kBinHz, 1000.0, 10000.0}) {
    const RunResult result =
        RunOrDie("spectral", {}, {Sine({.num_frames = 24000}, hz)}, {.num_frames = 24000});
    EXPECT_TRUE(result.outs.empty());
    EXPECT_NEAR(Last(result, kCentroid), hz, 10) << hz;
    EXPECT_NEAR(Last(result, kRolloff), hz, 1.5 * kBinHz) << hz;
    EXPECT_LT(Last(result, kFlatness), 1e-6) << hz;
    EXPECT_LT(Last(result, kFlux), 1e-6) << hz;
  }
}

// In the middle of a bin, a Hann window gives it and half as much to its neighbours.
TEST(SpectralTest, RolloffOfThreeBins) {
  const Clip in = Sine({.num_frames = 24000}, 100 * kBinHz);
  for (const auto& [part, bin] : {std::pair(0.2, 99), {0.3, 100}, {0.7, 100}, {0.8, 101}}) {
    const RunResult result =
        RunOrDie("spectral", {{"rolloff_part", part}}, {in}, {.num_frames = 24000});
    EXPECT_NEAR(Last(result, kRolloff), bin * kBinHz, 0.01) << part;
  }
}

TEST(SpectralTest, AnImpulseIsFlat) {
  const Clip in = Impulse({.num_frames = 4800}, 3000);
  const RunResult result = RunOrDie("spectral", {}, {in}, {.num_frames = 4500});
  EXPECT_NEAR(Last(result, kCentroid), 12000, 1);
  EXPECT_NEAR(Last(result, kFlatness), 1, 1e-4);
  EXPECT_NEAR(Last(result, kRolloff), 0.85 * 24000, kBinHz);
}

// The power of a bin is exponentially distributed: the mean of its logarithm is minus Euler's
// constant.
TEST(SpectralTest, WhiteNoise) {
  const RunResult result =
      RunOrDie("spectral", {}, {Noise({.num_channels = 1, .num_frames = 96000})});
  double flatness = 0, centroid = 0;
  int count = 0;
  for (int i = 4800; i < 96000; i += 480, ++count) {
    centroid += result.control_outs[kCentroid][i];
    flatness += result.control_outs[kFlatness][i];
  }
  EXPECT_NEAR(flatness / count, std::exp(-0.5772156649), 0.01);
  EXPECT_NEAR(centroid / count, 12000, 100);
}

TEST(SpectralTest, FluxIsTwoBetweenSoundsThatHaveNothingInCommon) {
  Clip in = Sine({.num_frames = 9600}, 100 * kBinHz);
  const Clip other = Sine({.num_frames = 9600}, 300 * kBinHz, 0.05);
  for (int c = 0; c < 2; ++c) {
    std::ranges::copy(other.channel(c).first(4800), in.channel(c).begin() + 4800);
  }
  const RunResult result = RunOrDie("spectral", {{"hop_seconds", 0.05}}, {in});
  const std::vector<float>& flux = result.control_outs[kFlux];
  EXPECT_NEAR(flux[2400], 1, 1e-3) << "after silence";
  EXPECT_NEAR(flux[4800], 0, 1e-3) << "the same again";
  EXPECT_NEAR(flux[7200], 2, 1e-3) << "another, at another level";
}

TEST(SpectralTest, SilenceIsZero) {
  const RunResult result = RunOrDie("spectral", {}, {Constant({}, 0)});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Last(result, i), 0);
}

TEST(SpectralTest, ValuesStandForTheMiddleOfTheirWindow) {
  const Clip in = Impulse({.num_frames = 48000}, 24000);
  const RunResult result = RunOrDie("spectral", {}, {in});
  const std::vector<float>& flatness = result.control_outs[kFlatness];
  int64_t first = 0, last = 0;
  for (int64_t i = 0; i < static_cast<int64_t>(flatness.size()); ++i) {
    if (flatness[i] == 0) continue;
    if (first == 0) first = i;
    last = i;
  }
  EXPECT_NEAR((first + last) / 2.0 - result.layout.latency_frames, 24000, 240);
}

TEST(SpectralTest, CallsAndCheckpointsDoNotMatter) {
  const Clip in = Noise({.num_channels = 3, .num_frames = 20000});
  const RunResult whole = RunOrDie("spectral", {}, {in});
  const RunResult pieces =
      RunOrDie("spectral", {}, {in}, {.chunk_frames = {1, 33, 256}, .reload_at_frame = 7777});
  EXPECT_EQ(whole.control_outs, pieces.control_outs);
}

TEST(SpectralTest, LoudAudioStaysFinite) {
  const RunResult result =
      RunOrDie("spectral", {}, {Noise({.num_channels = 64, .num_frames = 20000}, 1, 3e38f)});
  for (const auto& output : result.control_outs) {
    for (const float value : output) ASSERT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace patchbay::testing
