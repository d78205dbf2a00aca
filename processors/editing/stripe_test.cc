#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Frames = std::vector<float>;

Clip Stripe(double grain_seconds, double overlap, const std::vector<Clip>& clips,
            const std::string& curve = "linear") {
  const std::vector<Clip> out = RunClipsOrDie(
      "stripe", {{"grain_seconds", grain_seconds}, {"overlap", overlap}, {"curve", curve}}, clips);
  return out.size() == 1 ? out[0] : Clip();
}

TEST(StripeTest, InterleavesGrains) {
  const Clip out = Stripe(
      0.002, 0, {Constant({1000, 1, 4}, 1), Constant({1000, 1, 5}, 2), Constant({1000, 2, 40}, 3)});
  ASSERT_EQ(out.num_channels(), 2);
  EXPECT_EQ(Frames(out.channel(1).begin(), out.channel(1).end()),
            (Frames{1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3}));
}

TEST(StripeTest, OfOneClipIsThatClip) {
  const Clip in = Noise({.num_frames = 10000});
  const Clip out = Stripe(0.01, 0.25, {in});
  ASSERT_EQ(out.num_frames(), 10000);
  for (int i = 0; i < 10000; ++i) ASSERT_NEAR(out.channel(1)[i], in.channel(1)[i], 1e-6);
}

TEST(StripeTest, OfEqualSteadySoundsIsThatSound) {
  const Clip in = Constant({1000, 1, 100}, 0.5f);
  const Clip out = Stripe(0.01, 0.5, {in, in, in});
  for (const float x : out.channel(0)) ASSERT_NEAR(x, 0.5, 1e-6);
}

TEST(StripeTest, AnEmptyClipEndsItAtOnce) {
  EXPECT_EQ(Stripe(0.01, 0.5, {Noise({}), Clip(48000, 2, 0)}).num_frames(), 0);
}

}  // namespace
}  // namespace patchbay::testing
