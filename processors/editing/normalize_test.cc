#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

Clip Normalize(const Clip& in, const std::string& measure, double level_db) {
  const std::vector<Clip> out =
      RunClipsOrDie("normalize", {{"measure", measure}, {"level_db", level_db}}, {in});
  return out.size() == 1 ? out[0] : Clip();
}

float Peak(const Clip& clip) {
  float peak = 0;
  for (int c = 0; c < clip.num_channels(); ++c) {
    for (const float x : clip.channel(c)) peak = std::max(peak, std::abs(x));
  }
  return peak;
}

TEST(NormalizeTest, PeakOfAllChannelsTogether) {
  Clip in = Noise({}, 1, 0.1f);
  in.channel(1)[17] = -0.2f;
  const Clip out = Normalize(in, "peak", -6);
  EXPECT_NEAR(out.channel(1)[17], -std::pow(10, -6 / 20.0), 1e-6);
  EXPECT_NEAR(out.channel(0)[5] / in.channel(0)[5], out.channel(1)[17] / in.channel(1)[17], 1e-5);
}

TEST(NormalizeTest, RmsOfASineIs3DecibelsBelowItsPeak) {
  const Clip out = Normalize(Sine({.num_frames = 48000}, 1000, 0.01), "rms", -20);
  EXPECT_NEAR(20 * std::log10(Peak(out)), -20 + 3.0103, 0.01);
}

TEST(NormalizeTest, LoudnessIsThatOfTheStandard) {
  // BS.1770: a stereo sine of 997 Hz at -23 dB has -23 LUFS.
  const Clip out = Normalize(Sine({.num_frames = 96000}, 997, 0.5), "lufs", -23);
  EXPECT_NEAR(20 * std::log10(Peak(out)), -23, 0.1);
}

TEST(NormalizeTest, ShortClipsAreMeasuredAsIfRepeated) {
  const Clip out = Normalize(Sine({.num_frames = 4800}, 1000, 0.5), "lufs", -23);
  EXPECT_NEAR(20 * std::log10(Peak(out)), -23, 0.2);
}

TEST(NormalizeTest, SilenceStaysSilent) {
  for (const char* measure : {"peak", "rms", "lufs"}) {
    EXPECT_EQ(Peak(Normalize(Clip(48000, 2, 30000), measure, 0)), 0);
    EXPECT_EQ(Normalize(Clip(48000, 2, 0), measure, 0).num_frames(), 0);
  }
}

TEST(NormalizeTest, SaysAtWhatRateLoudnessCannotBeMeasured) {
  EXPECT_EQ(
      RunClips("normalize", {{"measure", std::string("lufs")}}, {Noise({.sample_rate_hz = 8})})
          .status()
          .message(),
      "loudness cannot be measured at 8 Hz: resample the clip, or normalize its peak or rms");
}

}  // namespace
}  // namespace patchbay::testing
