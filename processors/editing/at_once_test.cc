#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Frames = std::vector<float>;

Frames AtOnce(double align) {
  const std::vector<Clip> out = RunClipsOrDie(
      "at_once", {{"align", align}},
      {Constant({1, 1, 5}, 1), Constant({1, 2, 2}, 10), Clip(1, 2, 0), Constant({1, 1, 1}, 100)});
  EXPECT_EQ(out[0].num_channels(), 2);
  return {out[0].channel(1).begin(), out[0].channel(1).end()};
}

TEST(AtOnceTest, AlignsStartsCentresOrEnds) {
  EXPECT_EQ(AtOnce(0), (Frames{111, 11, 1, 1, 1}));
  EXPECT_EQ(AtOnce(1), (Frames{1, 1, 1, 11, 111}));
  EXPECT_EQ(AtOnce(0.3), (Frames{1, 111, 11, 1, 1}));
}

TEST(AtOnceTest, RefusesChannelsThatDoNotGoTogether) {
  EXPECT_EQ(RunClips("at_once", {}, {Clip(1, 2, 1), Clip(1, 3, 1)}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace patchbay::testing
