#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(MergeChannelsTest, LinesUpTheChannelsOfAllInputs) {
  const Clip mono = Noise({.num_channels = 1}, 1);
  const Clip stereo = Noise({}, 2);
  const RunResult result = RunOrDie("merge_channels", {}, {stereo, mono});
  ASSERT_EQ(result.outs[0].num_channels(), 3);
  EXPECT_TRUE(std::ranges::equal(result.outs[0].channel(0), stereo.channel(0)));
  EXPECT_TRUE(std::ranges::equal(result.outs[0].channel(1), stereo.channel(1)));
  EXPECT_TRUE(std::ranges::equal(result.outs[0].channel(2), mono.channel(0)));
}

TEST(MergeChannelsTest, RefusesTooManyChannels) {
  const Clip half = Clip(48000, 33, 10);
  EXPECT_EQ(testing::Run("merge_channels", {}, {half, half}).status().message(),
            "merge_channels: the inputs have 66 channels together: at most 64 can be merged");
}

}  // namespace
}  // namespace patchbay::testing
