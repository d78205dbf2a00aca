#include "processors/time/delay_taps.h"

#include <bit>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/every_target.h"

namespace patchbay::testing {
namespace {

constexpr DelayRange kRange = {.sample_rate_hz = 48000, .loop_frames = 0, .max_frames = 900};

// Delays of whole and broken numbers of frames, of less than two, and beyond the range.
std::vector<float> Delays(int count) {
  std::mt19937 random(1);
  std::vector<float> seconds(count);
  for (int i = 0; i < count; ++i) {
    const double frames = random() % (i % 3 == 0 ? 4000 : 1000) * (i % 2 == 0 ? 1 : 0.3);
    seconds[i] = static_cast<float>((i % 5 == 0 ? 0.01 * frames : frames) / 48000);
  }
  return seconds;
}

class DelayTapsTest : public EveryTargetTest {};

INSTANTIATE_TEST_SUITE_P(Targets, DelayTapsTest, EveryTarget(), TargetName);

TEST_P(DelayTapsTest, ReadTheSameBitsAsOneByOne) {
  constexpr int kLineFrames = 1200;
  std::mt19937 random(2);
  std::vector<float> line(kLineFrames + 3);
  for (float& x : line) x = random() % 7 == 0 ? -0.0f : static_cast<float>(random()) * 0x1p-32f;
  const std::vector<float> seconds = Delays(kMaxFrames);
  const DelayTaps taps(seconds.data(), kMaxFrames, kRange);
  int num_whole = 0;
  for (const int first : {0, 1, 100}) {
    for (const int count : {DelayTaps::kFewest, 9, 15, 16, 61, kMaxFrames - 100}) {
      int32_t positions[kMaxFrames];
      float read[kMaxFrames];
      taps.Locate(first, count, 500, kLineFrames, positions);
      taps.Read(first, count, line.data(), positions, read);
      for (int i = 0; i < count; ++i) {
        const DelayTap tap(kRange.Frames(seconds[first + i]));
        if (tap.known_frames <= 0) continue;
        num_whole += tap.is_whole();
        ASSERT_EQ(positions[i], (500 + i - tap.oldest + kLineFrames) % kLineFrames);
        ASSERT_EQ(std::bit_cast<int32_t>(read[i]),
                  std::bit_cast<int32_t>(tap.Read(line.data() + positions[i])))
            << count << " from " << first << ", tap " << i;
      }
    }
  }
  EXPECT_GT(num_whole, 100);
}

TEST_P(DelayTapsTest, ARunEndsBeforeWhatItReads) {
  const std::vector<float> seconds = Delays(kMaxFrames);
  const DelayTaps taps(seconds.data(), kMaxFrames, kRange);
  for (int first = 0; first < kMaxFrames; ++first) {
    const int left = kMaxFrames - first;
    const int run = taps.KnownRun(first, left);
    for (int i = 0; i < run; ++i) ASSERT_GT(taps[first + i].known_frames, i) << first;
    if (run == left) continue;
    ASSERT_LE(taps[first + run].known_frames, run) << first;
  }
  const std::vector<float> long_delays(kMaxFrames, 0.01f);
  EXPECT_EQ(DelayTaps(long_delays.data(), kMaxFrames, kRange).KnownRun(0, kMaxFrames), kMaxFrames);
}

}  // namespace
}  // namespace patchbay::testing
