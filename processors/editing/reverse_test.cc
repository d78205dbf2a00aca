#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(ReverseTest, TheLastFrameComesFirst) {
  const Clip in = Noise({.num_frames = 1001});
  const std::vector<Clip> out = RunClipsOrDie("reverse", {}, {in});
  ASSERT_EQ(out.size(), 1u);
  ASSERT_EQ(out[0].num_frames(), 1001);
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < 1001; ++i) ASSERT_EQ(out[0].channel(c)[i], in.channel(c)[1000 - i]);
  }
}

TEST(ReverseTest, TwiceIsNothing) {
  const Clip in = Noise({});
  const std::vector<Clip> out = RunClipsOrDie("reverse", {}, RunClipsOrDie("reverse", {}, {in}));
  EXPECT_TRUE(std::ranges::equal(out[0].channel(1), in.channel(1)));
}

TEST(ReverseTest, TakesAnEmptyClip) {
  const std::vector<Clip> out = RunClipsOrDie("reverse", {}, {Clip(48000, 2, 0)});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].num_frames(), 0);
  EXPECT_EQ(out[0].num_channels(), 2);
}

}  // namespace
}  // namespace patchbay::testing
