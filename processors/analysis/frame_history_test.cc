#include "processors/analysis/frame_history.h"

#include <limits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "processors/analysis/hops.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(FrameHistoryTest, HoldsTheMeanOfTheLastFrames) {
  const Clip in = Noise({.num_channels = 3, .num_frames = 1000});
  std::vector<float> window(100);
  for (int n = 0; n < 100; ++n) window[n] = 0.01f * n;
  for (const int chunk : {1, 7, 64, 250}) {
    FrameHistory history(100);
    for (int done = 0; done < 1000; done += std::min(chunk, 1000 - done)) {
      history.Push(in.Frames(done, std::min(chunk, 1000 - done)));
    }
    std::vector<float> out(90);
    history.Read(window.data(), 90, out.data());
    for (int n = 0; n < 90; ++n) {
      const int frame = 1000 - 90 + n;
      const float mean = (in.channel(0)[frame] + in.channel(1)[frame] + in.channel(2)[frame]) / 3;
      ASSERT_NEAR(out[n], window[n] * mean, 1e-6);
    }
  }
}

TEST(FrameHistoryTest, BoundsAbsurdSamples) {
  const Clip in =
      Constant({.num_channels = 64, .num_frames = 8}, -std::numeric_limits<float>::max());
  FrameHistory history(8);
  history.Push(in.Frames(0, 8));
  const std::vector<float> window(8, 1.0f);
  std::vector<float> out(8);
  history.Read(window.data(), 8, out.data());
  for (const float value : out) EXPECT_EQ(value, -1e10f);
}

TEST(HopsTest, CutsAtAbsolutePositions) {
  std::vector<std::pair<int, int>> pieces;
  std::vector<int> hops;
  CutAtHops(
      -5, 30, 10, [&](int first, int count) { pieces.emplace_back(first, count); },
      [&] { hops.push_back(pieces.back().first + pieces.back().second); });
  EXPECT_EQ(pieces, (std::vector<std::pair<int, int>>{{0, 5}, {5, 10}, {15, 10}, {25, 5}}));
  EXPECT_EQ(hops, (std::vector<int>{5, 15, 25}));
}

}  // namespace
}  // namespace patchbay::testing
