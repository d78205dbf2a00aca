#include "processors/core/frame_queue.h"

#include <cstdint>
#include <random>

#include "gtest/gtest.h"

namespace patchbay {
namespace {

TEST(FrameQueueTest, GivesBackWhatWasAppendedInOrder) {
  FrameQueue queue(2);
  std::mt19937 random(1);
  int64_t written = 0;
  int64_t read = 0;
  while (read < 100'000) {
    const Block in = queue.Append(static_cast<int>(random() % 700));
    for (int i = 0; i < in.num_frames(); ++i) {
      in.channel(0)[i] = static_cast<float>(written + i);
      in.channel(1)[i] = -static_cast<float>(written + i);
    }
    written += in.num_frames();
    const int count = static_cast<int>(random() % (queue.num_frames() + 1));
    const ConstBlock out = queue.Front(count);
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(out.channel(0)[i], static_cast<float>(read + i));
      ASSERT_EQ(out.channel(1)[i], -static_cast<float>(read + i));
    }
    queue.Pop(count);
    read += count;
    ASSERT_EQ(queue.total_frames(), written);
    ASSERT_EQ(queue.num_frames(), written - read);
  }
}

TEST(FrameQueueTest, AnEmptyQueueHasNoFrames) {
  FrameQueue queue(3);
  EXPECT_EQ(queue.num_frames(), 0);
  EXPECT_EQ(queue.Front(0).num_channels(), 3);
  EXPECT_EQ(queue.Append(0).num_frames(), 0);
}

}  // namespace
}  // namespace patchbay
