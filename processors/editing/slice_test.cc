#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"

namespace patchbay::testing {
namespace {

// Slices 0, 1, ... 9, a frame a second.
std::vector<float> Slice(double start, double end, double duration = 0) {
  Clip in(1, 1, 10);
  for (int i = 0; i < 10; ++i) in.channel(0)[i] = static_cast<float>(i);
  const std::vector<Clip> out = RunClipsOrDie(
      "slice", {{"start_seconds", start}, {"end_seconds", end}, {"duration_seconds", duration}},
      {in});
  return {out[0].channel(0).begin(), out[0].channel(0).end()};
}

using Frames = std::vector<float>;

TEST(SliceTest, TakesAPart) {
  EXPECT_EQ(Slice(3, 6), (Frames{3, 4, 5}));
  EXPECT_EQ(Slice(7, 0), (Frames{7, 8, 9}));
  EXPECT_EQ(Slice(0, 0).size(), 10u);
}

TEST(SliceTest, NegativeTimesCountFromTheEnd) {
  EXPECT_EQ(Slice(-3, 0), (Frames{7, 8, 9}));
  EXPECT_EQ(Slice(-3, -1), (Frames{7, 8}));
  EXPECT_EQ(Slice(7, -1), (Frames{7, 8}));
}

TEST(SliceTest, DurationGoesBeforeEnd) {
  EXPECT_EQ(Slice(2, 9, 2), (Frames{2, 3}));
  EXPECT_EQ(Slice(-2, 0, 1), (Frames{8}));
}

TEST(SliceTest, NothingIsTakenFromOutside) {
  EXPECT_EQ(Slice(8, 100), (Frames{8, 9}));
  EXPECT_EQ(Slice(-100, 2), (Frames{0, 1}));
  EXPECT_EQ(Slice(5, 3), Frames{});
  EXPECT_EQ(Slice(100, 0), Frames{});
  EXPECT_EQ(Slice(0, -100), Frames{});
}

}  // namespace
}  // namespace patchbay::testing
