#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(ZeroCrossingTest, ASineCrossesTwiceAPeriod) {
  for (const double hz : {100.0, 1000.0, 9000.0}) {
    const Clip in = Sine({.num_frames = 24000}, hz);
    const RunResult result = RunOrDie("zero_crossing", {{"window_seconds", 0.1}}, {in});
    EXPECT_TRUE(result.outs.empty());
    EXPECT_NEAR(result.control_outs[0].back(), 2 * hz, 10) << hz << " Hz";
  }
}

TEST(ZeroCrossingTest, WhiteNoiseCrossesEveryOtherFrame) {
  const Clip in = Noise({.num_channels = 4, .num_frames = 96000});
  const RunResult result = RunOrDie("zero_crossing", {{"window_seconds", 1.0}}, {in});
  EXPECT_NEAR(result.control_outs[0].back(), 24000, 200);
}

TEST(ZeroCrossingTest, IsTheMeanOfTheChannelsAndForgets) {
  Clip in = Constant({.num_frames = 24000}, 0.5f);
  for (int i = 0; i < 12000; i += 2) in.channel(1)[i] = -0.5f;
  const RunResult result = RunOrDie("zero_crossing", {{"window_seconds", 0.1}}, {in});
  EXPECT_EQ(result.control_outs[0][11999], 24000);
  EXPECT_EQ(result.control_outs[0].back(), 0);
}

TEST(ZeroCrossingTest, CallsAndCheckpointsDoNotMatter) {
  const Clip in = Noise({.num_channels = 3, .num_frames = 20000});
  const RunResult whole = RunOrDie("zero_crossing", {}, {in});
  const RunResult pieces =
      RunOrDie("zero_crossing", {}, {in}, {.chunk_frames = {1, 33, 256}, .reload_at_frame = 7777});
  EXPECT_EQ(whole.control_outs, pieces.control_outs);
}

}  // namespace
}  // namespace patchbay::testing
