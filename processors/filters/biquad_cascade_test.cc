#include "processors/filters/biquad_cascade.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "processors/core/state.h"
#include "processors/filters/butterworth.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

std::vector<Biquad> Lowpass(int order, double cutoff) {
  std::vector<Biquad> sections(NumButterworthSections(order));
  DesignButterworthLowpass(order, cutoff, sections);
  return sections;
}

Clip Filtered(const std::vector<Biquad>& sections, Clip clip, int chunk_frames) {
  BiquadCascade cascade(static_cast<int>(sections.size()));
  cascade.Set(sections);
  BiquadCascadeMemory memory(static_cast<int>(sections.size()), clip.num_channels());
  for (int64_t i = 0; i < clip.num_frames(); i += chunk_frames) {
    const auto count = std::min<int64_t>(chunk_frames, clip.num_frames() - i);
    cascade.Process(clip.Frames(i, static_cast<int>(count)), memory);
  }
  return clip;
}

// Direct form I, frame by frame.
std::vector<double> DirectForm(const Biquad& section, const std::vector<double>& x) {
  const auto [b, a] = TransferFunctionOf(section);
  std::vector<double> y(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    for (size_t k = 0; k <= std::min<size_t>(i, 2); ++k) y[i] += b[k] * x[i - k];
    for (size_t k = 1; k <= std::min<size_t>(i, 2); ++k) y[i] -= a[k] * y[i - k];
  }
  return y;
}

class BiquadCascadeTest : public ::testing::TestWithParam<int> {};

TEST_P(BiquadCascadeTest, IsDirectFormOnEveryChannel) {
  const Clip in = Noise({.num_channels = GetParam(), .num_frames = 1000});
  for (const int order : {1, 2, 5, 8}) {
    const std::vector<Biquad> sections = Lowpass(order, 0.05);
    const Clip out = Filtered(sections, in, kMaxFrames);
    for (int c = 0; c < in.num_channels(); ++c) {
      std::vector<double> expected(in.channel(c).begin(), in.channel(c).end());
      for (const Biquad& section : sections) expected = DirectForm(section, expected);
      for (int i = 0; i < 1000; ++i) {
        ASSERT_NEAR(out.channel(c)[i], expected[i], 1e-7) << "order " << order << ", frame " << i;
      }
    }
  }
}

TEST_P(BiquadCascadeTest, GivesTheSameBitsHoweverTheStreamIsCut) {
  const Clip in = Noise({.num_channels = GetParam(), .num_frames = 1000});
  const std::vector<Biquad> sections = Lowpass(5, 0.05);
  const Clip expected = Filtered(sections, in, kMaxFrames);
  for (const int chunk_frames : {1, 2, 3, 7, 32}) {
    const Clip out = Filtered(sections, in, chunk_frames);
    for (int c = 0; c < in.num_channels(); ++c) {
      EXPECT_TRUE(std::ranges::equal(out.channel(c), expected.channel(c))) << chunk_frames;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Channels, BiquadCascadeTest, ::testing::Values(1, 2, 3, 8));

// Frame by frame, with the coefficients of each frame.
TEST(BiquadCascadeChangeTest, KeepsTheStateWhenCoefficientsChangeAtAnyFrame) {
  const Biquad before = SecondOrderSection(0.01, 0.2, 0, 0, 1);
  const Biquad after = SecondOrderSection(2.0, 1.5, 1, 0, 0);
  for (const int change_at : {100, 101, 102, 103}) {
    const Clip in = Noise({.num_channels = 1, .num_frames = 200});
    Clip out = in;
    BiquadCascade cascade(1);
    BiquadCascadeMemory memory(1, 1);
    cascade.Set({&before, 1});
    cascade.Process(out.Frames(0, change_at), memory);
    cascade.CatchUp(memory);
    cascade.Set({&after, 1});
    cascade.Process(out.Frames(change_at, 200 - change_at), memory);

    double s0 = 0, s1 = 0;
    for (int i = 0; i < 200; ++i) {
      const auto& [a, b, c, d] = i < change_at ? before : after;
      const double x = in.channel(0)[i];
      ASSERT_NEAR(out.channel(0)[i], c[0] * s0 + c[1] * s1 + d * x, 1e-6) << "frame " << i;
      const double old = s0;
      s0 = a[0][0] * old + a[0][1] * s1 + b[0] * x;
      s1 = a[1][0] * old + a[1][1] * s1 + b[1] * x;
    }
  }
}

TEST(BiquadCascadeLimitTest, StaysFiniteAtTheLargestInputs) {
  const Biquad resonant = SecondOrderSection(0.5, 0.01, 0, 0, 1);
  const Clip loud = Noise({.num_channels = 2, .num_frames = 2000}, 1, 3e38f);
  const Clip out = Filtered({resonant}, loud, kMaxFrames);
  EXPECT_TRUE(std::ranges::all_of(out.channel(0), [](float x) { return std::isfinite(x); }));
}

}  // namespace
}  // namespace patchbay::testing
