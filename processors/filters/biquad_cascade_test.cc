#include "processors/filters/biquad_cascade.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "processors/core/state.h"
#include "processors/filters/butterworth.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

std::vector<Biquad> Lowpass(int order, double cutoff) {
  std::vector<Biquad> sections;
  for (int i = 0; i < NumButterworthSections(order); ++i) {
    sections.push_back(ButterworthLowpass({order, i}, cutoff));
  }
  return sections;
}

Clip Filtered(const std::vector<Biquad>& sections, Clip clip, int chunk_frames) {
  const BiquadCascade cascade(sections);
  BiquadMemory memory(static_cast<int>(sections.size()), clip.num_channels());
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
TEST(RunBiquadsTest, KeepsTheStateWhenCoefficientsChangeAtAnyFrame) {
  const Biquad before = SecondOrderSection(0.01, 0.2, 0, 0, 1);
  const Biquad after = SecondOrderSection(2.0, 1.5, 1, 0, 0);
  BiquadLanes lanes = {};
  lanes.Set(0, before);
  lanes.Set(1, after);
  std::array<BiquadGroup, kBiquadLanes> groups;
  ToGroups(lanes, groups.data(), 1);
  for (const int change_at : {0, 1, 100, 101, 102, 103}) {
    const Clip in = Noise({.num_channels = 1, .num_frames = 200});
    Clip out = in;
    BiquadMemory memory(1, 1);
    const std::array<BiquadRun, 3> runs = {
        {{change_at, &groups[0]}, {50, &groups[1]}, {50 - change_at % 50, &groups[0]}}};
    const int change_back_at = change_at + 50;
    const int end = change_back_at + runs[2].num_frames;
    RunBiquads(out.Frames(0, end), runs, memory);

    double s0 = 0, s1 = 0;
    for (int i = 0; i < end; ++i) {
      const auto& [a, b, c, d] = i < change_at || i >= change_back_at ? before : after;
      const double x = in.channel(0)[i];
      ASSERT_NEAR(out.channel(0)[i], c[0] * s0 + c[1] * s1 + d * x, 1e-6) << "frame " << i;
      const double old = s0;
      s0 = a[0][0] * old + a[0][1] * s1 + b[0] * x;
      s1 = a[1][0] * old + a[1][1] * s1 + b[1] * x;
    }
  }
}

TEST(RunBiquadsTest, GivesTheSameBitsInOneCallOrInMany) {
  BiquadLanes lanes;
  for (int i = 0; i < kBiquadLanes; ++i)
    lanes.Set(i, SecondOrderSection(0.1 * (i + 1), 1, 0, 0, 1));
  std::array<BiquadGroup, kBiquadLanes> groups;
  ToGroups(lanes, groups.data(), 1);
  const Clip in = Noise({.num_channels = 3, .num_frames = 130});
  const std::array<BiquadRun, 4> runs = {
      {{33, &groups[0]}, {1, &groups[1]}, {34, &groups[2]}, {62, &groups[3]}}};
  Clip expected = in;
  BiquadMemory memory(1, 3);
  RunBiquads(expected.Frames(0, 130), runs, memory);

  Clip out = in;
  BiquadMemory cut(1, 3);
  int frame = 0;
  for (size_t r = 0; r < runs.size(); ++r) {
    // The change first, then a frame at a time.
    const BiquadRun change[] = {{0, runs[r > 0 ? r - 1 : 0].sections}, {0, runs[r].sections}};
    RunBiquads(out.Frames(frame, 0), {change, r > 0 ? 2u : 1u}, cut);
    for (int i = 0; i < runs[r].num_frames; ++i, ++frame) {
      const BiquadRun one = {1, runs[r].sections};
      RunBiquads(out.Frames(frame, 1), {&one, 1}, cut);
    }
  }
  for (int c = 0; c < 3; ++c) EXPECT_TRUE(std::ranges::equal(out.channel(c), expected.channel(c)));
}

TEST(BiquadCascadeLimitTest, StaysFiniteAtTheLargestInputs) {
  const Biquad resonant = SecondOrderSection(0.5, 0.01, 0, 0, 1);
  const Clip loud = Noise({.num_channels = 2, .num_frames = 2000}, 1, 3e38f);
  const Clip out = Filtered({resonant}, loud, kMaxFrames);
  EXPECT_TRUE(std::ranges::all_of(out.channel(0), [](float x) { return std::isfinite(x); }));
}

}  // namespace
}  // namespace patchbay::testing
