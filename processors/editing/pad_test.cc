#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

std::vector<float> Pad(double before, double after, double to) {
  const std::vector<Clip> out = RunClipsOrDie(
      "pad", {{"before_seconds", before}, {"after_seconds", after}, {"to_seconds", to}},
      {Constant({1, 2, 2}, 1)});
  return {out[0].channel(1).begin(), out[0].channel(1).end()};
}

using Frames = std::vector<float>;

TEST(PadTest, AddsSilence) {
  EXPECT_EQ(Pad(1, 2, 0), (Frames{0, 1, 1, 0, 0}));
  EXPECT_EQ(Pad(0, 0, 0), (Frames{1, 1}));
}

TEST(PadTest, ToALengthButNeverLess) {
  EXPECT_EQ(Pad(0, 0, 3), (Frames{1, 1, 0}));
  EXPECT_EQ(Pad(1, 0, 4), (Frames{0, 1, 1, 0}));
  EXPECT_EQ(Pad(0, 0, 1), (Frames{1, 1}));
}

TEST(PadTest, RefusesAResultThatIsTooLong) {
  EXPECT_EQ(RunClips("pad", {{"to_seconds", 86400.0}}, {Noise({.num_frames = 1})}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace patchbay::testing
