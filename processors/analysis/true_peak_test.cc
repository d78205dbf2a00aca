#include "processors/analysis/true_peak.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gtest/gtest.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

float Peak(const Clip& clip, int chunk_frames) {
  const TruePeak meter(clip.sample_rate_hz());
  TruePeak::History history = {};
  float peak = 0;
  const std::span<const float> samples = clip.channel(0);
  for (size_t done = 0; done < samples.size(); done += chunk_frames) {
    const size_t count = std::min<size_t>(chunk_frames, samples.size() - done);
    peak = std::max(peak, meter.Measure(samples.subspan(done, count), history));
  }
  return peak;
}

// A sine that fades in, so that it has no edge to ring at.
Clip SoftSine(int sample_rate_hz, double cycles_per_frame, double phase) {
  Clip clip(sample_rate_hz, 1, 4800);
  for (int i = 0; i < 4800; ++i) {
    const double envelope = 0.5 - 0.5 * std::cos(std::numbers::pi * std::min(i, 2400) / 2400);
    clip.channel(0)[i] = static_cast<float>(
        envelope * std::sin(2 * std::numbers::pi * cycles_per_frame * i + phase));
  }
  return clip;
}

// EBU Tech 3341, test cases 15 to 19, ask for +0.2 and -0.4 dB.
TEST(TruePeakTest, OfSinesWhoseSamplesMissIt) {
  for (const int rate : {44100, 48000, 96000, 192000}) {
    for (const double frequency : {0.01, 1 / 6.0, 0.25, 0.125}) {
      if (rate == 192000 && frequency > 0.02) continue;
      if (rate == 96000 && frequency > 0.2) continue;
      for (const double phase : {0.0, std::numbers::pi / 4, 1.0}) {
        const double db = 20 * std::log10(Peak(SoftSine(rate, frequency, phase), 256));
        EXPECT_LT(db, 0.1) << rate << " Hz, " << frequency << " cycles a frame";
        EXPECT_GT(db, -0.35) << rate << " Hz, " << frequency << " cycles a frame";
      }
    }
  }
}

TEST(TruePeakTest, IsNeverBelowTheSamplePeak) {
  const Clip noise = Noise({.num_channels = 1});
  const auto samples = noise.channel(0);
  const float sample_peak = std::max(std::ranges::max(samples), -std::ranges::min(samples));
  EXPECT_GE(Peak(noise, 256), sample_peak);
  EXPECT_EQ(Peak(Impulse({.num_channels = 1}, 100, -0.7f), 256), 0.7f);
}

TEST(TruePeakTest, CallsDoNotMatter) {
  const Clip noise = Noise({.num_channels = 1});
  EXPECT_EQ(Peak(noise, 1), Peak(noise, 256));
  EXPECT_EQ(Peak(noise, 33), Peak(noise, 256));
}

}  // namespace
}  // namespace patchbay::testing
