#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(SplitChannelsTest, EachOutputIsAChannel) {
  const Clip in = Noise({.num_channels = 6});
  const RunResult result = RunOrDie("split_channels", {}, {in}, {.chunk_frames = {100, 7}});
  ASSERT_EQ(result.outs.size(), 6u);
  for (int c = 0; c < 6; ++c) {
    ASSERT_EQ(result.outs[c].num_channels(), 1);
    EXPECT_TRUE(std::ranges::equal(result.outs[c].channel(0), in.channel(c)));
  }
}

TEST(SplitChannelsTest, MergeIsTheInverse) {
  const Clip in = Noise({.num_channels = 3});
  const RunResult split = RunOrDie("split_channels", {}, {in});
  const RunResult merged = RunOrDie("merge_channels", {}, split.outs);
  ASSERT_EQ(merged.outs[0].num_channels(), 3);
  for (int c = 0; c < 3; ++c) {
    EXPECT_TRUE(std::ranges::equal(merged.outs[0].channel(c), in.channel(c)));
  }
}

}  // namespace
}  // namespace patchbay::testing
