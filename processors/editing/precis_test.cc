#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

Clip Precis(double length_seconds, const Clip& in) {
  const std::vector<Clip> out = RunClipsOrDie("precis", {{"length_seconds", length_seconds}}, {in});
  return out.size() == 1 ? out[0] : Clip();
}

TEST(PrecisTest, AddsUpAllBlocks) {
  Clip in(1000, 2, 7);
  for (int i = 0; i < 7; ++i) in.channel(1)[i] = static_cast<float>(1 << i);
  const Clip out = Precis(0.003, in);
  EXPECT_EQ(std::vector<float>(out.channel(1).begin(), out.channel(1).end()),
            (std::vector<float>{1 + 8 + 64, 2 + 16, 4 + 32}));
}

TEST(PrecisTest, AShortClipStaysAsItIs) {
  const Clip in = Noise({});
  EXPECT_TRUE(std::ranges::equal(Precis(10, in).channel(1), in.channel(1)));
  EXPECT_EQ(Precis(10, Clip(48000, 2, 0)).num_frames(), 0);
}

}  // namespace
}  // namespace patchbay::testing
