#include "processors/time/delay_line.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "processors/core/state.h"

namespace patchbay::testing {
namespace {

// Writes `count` frames of a ramp, from `next` on, in both channels; the second is negative.
void Write(DelayLine& line, int count, int& next) {
  for (int i = 0; i < count; ++i, ++next) {
    line.channel(0)[line.write() + i] = static_cast<float>(next);
    line.channel(1)[line.write() + i] = static_cast<float>(-next);
  }
  line.Advance(count);
}

TEST(DelayLineTest, FourFramesAroundAnyPositionAreContiguous) {
  constexpr int kMaxDelay = 10;
  DelayLine line(2, kMaxDelay);
  int next = 1;
  while (next < 5 * line.num_frames()) {
    const int64_t to_end = line.num_frames() - line.write();
    Write(line, static_cast<int>(std::min<int64_t>(1 + next % 7, to_end)), next);
    for (int frames = 4; frames <= kMaxDelay + 2; ++frames) {
      for (int i = 0; i < 4; ++i) {
        const int written = std::max(next - frames + i, 0);
        ASSERT_EQ(line.channel(0)[line.Position(frames) + i], written) << frames << " back";
        ASSERT_EQ(line.channel(1)[line.Position(frames) + i], -written) << frames << " back";
      }
    }
  }
}

TEST(DelayLineTest, ACallFitsBesideTheLongestDelay) {
  EXPECT_GE(DelayLine(1, 100).num_frames(), 100 + 2 + kMaxFrames);
}

TEST(DelayLineTest, IsSavedAndRestored) {
  DelayLine line(2, 10);
  int next = 1;
  Write(line, 200, next);
  std::string bytes;
  StateArchive saving = StateArchive::Saving(&bytes);
  line.Archive(saving);
  DelayLine restored(2, 10);
  StateArchive loading = StateArchive::Loading(bytes);
  restored.Archive(loading);
  ASSERT_TRUE(loading.Finish().ok());
  EXPECT_EQ(restored.write(), 200);
  EXPECT_EQ(restored.channel(1)[restored.Position(5)], -196);
}

}  // namespace
}  // namespace patchbay::testing
