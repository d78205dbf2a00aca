#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

// Loud from frame 1000 to 1999, in the second channel only, with silence inside.
Clip LoudInTheMiddle() {
  Clip clip(1000, 2, 3000);
  for (int i = 1000; i < 2000; ++i) clip.channel(1)[i] = i < 1400 || i >= 1600 ? -0.1f : 0;
  return clip;
}

Clip Trim(const std::map<std::string, ParameterValue>& parameters, const Clip& clip) {
  const std::vector<Clip> out = RunClipsOrDie("trim", parameters, {clip});
  return out.size() == 1 ? out[0] : Clip();
}

TEST(TrimTest, CutsSilenceOffBothEnds) {
  const Clip in = LoudInTheMiddle();
  const Clip out = Trim({}, in);
  ASSERT_EQ(out.num_frames(), 1000);
  EXPECT_TRUE(std::ranges::equal(out.channel(1), in.channel(1).subspan(1000, 1000)));
}

TEST(TrimTest, KeepsSomeOfTheSilenceButInventsNone) {
  EXPECT_EQ(Trim({{"keep_seconds", 0.25}}, LoudInTheMiddle()).num_frames(), 1500);
  EXPECT_EQ(Trim({{"keep_seconds", 30.0}}, LoudInTheMiddle()).num_frames(), 3000);
}

TEST(TrimTest, NothingRemainsOfSilence) {
  const Clip out = Trim({{"threshold_db", -20.0 + 1e-3}}, LoudInTheMiddle());
  EXPECT_EQ(out.num_frames(), 0);
  EXPECT_EQ(out.num_channels(), 2);
  EXPECT_EQ(Trim({}, Clip(1000, 2, 0)).num_frames(), 0);
}

TEST(TrimTest, LeavesALoudClipAlone) {
  const Clip in = Constant({}, 0.5f);
  EXPECT_EQ(Trim({}, in).num_frames(), in.num_frames());
}

}  // namespace
}  // namespace patchbay::testing
