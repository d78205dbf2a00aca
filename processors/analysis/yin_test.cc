#include "processors/analysis/yin.h"

#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr int kMaxLag = 200;
constexpr int kFrames = 2 * (kMaxLag + 1);

FrameHistory History(const Clip& clip) {
  FrameHistory history(kFrames);
  for (int64_t done = 0; done < clip.num_frames(); done += 50) history.Push(clip.Frames(done, 50));
  return history;
}

// Stages B to D as they are defined.
double SlowAperiodicity(const Clip& clip, int lag) {
  const std::span<const float> x = clip.channel(0).last(kFrames);
  const auto difference = [&](int tau) {
    double sum = 0;
    for (int j = 0; j < kFrames / 2; ++j) sum += std::pow(double{x[j]} - x[j + tau], 2);
    return sum;
  };
  double sum = 0;
  for (int tau = 1; tau <= lag; ++tau) sum += difference(tau);
  return difference(lag) * lag / sum;
}

TEST(YinTest, AgreesWithItsDefinition) {
  // A period of 100 frames and noise.
  Clip clip = Noise({.num_channels = 1, .num_frames = 1000}, 1, 0.1f);
  const Clip tone = Sine({.num_channels = 1, .num_frames = 1000}, 480);
  for (int i = 0; i < 1000; ++i) clip.channel(0)[i] += tone.channel(0)[i];
  const Yin yin(4, kMaxLag);
  Yin::Scratch scratch(yin);
  const Yin::Estimate estimate = yin.Analyse(History(clip), 0.2f, scratch);
  EXPECT_NEAR(estimate.period_frames, 100, 2);
  float least = 2;
  for (int lag = 4; lag <= kMaxLag; ++lag) {
    least = std::min(least, static_cast<float>(SlowAperiodicity(clip, lag)));
  }
  EXPECT_LT(std::abs(estimate.aperiodicity - least), 0.03);
  EXPECT_EQ(yin.Analyse(History(clip), 0.01f, scratch).period_frames, 0);
  EXPECT_NEAR(yin.Analyse(History(clip), 0.01f, scratch).aperiodicity, least, 1e-4);
}

TEST(YinTest, NoPeriodInSilenceDcOrVeryLowFrequencies) {
  const Yin yin(4, kMaxLag);
  Yin::Scratch scratch(yin);
  const Shape shape = {.num_channels = 1, .num_frames = 1000};
  for (const Clip& clip : {Constant(shape, 0), Constant(shape, 0.5f), Constant(shape, 1e10f),
                           Sine(shape, 10), Noise(shape)}) {
    EXPECT_EQ(yin.Analyse(History(clip), 0.15f, scratch).period_frames, 0);
  }
}

}  // namespace
}  // namespace patchbay::testing
