#include "processors/core/frame_queue.h"

#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <utility>

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

std::shared_ptr<Clip> Ramp(int num_frames, float first) {
  auto clip = std::make_shared<Clip>(48000, 1, num_frames);
  std::iota(clip->channel(0).begin(), clip->channel(0).end(), first);
  return clip;
}

TEST(FrameQueueTest, ClipsAreFramesLikeOthers) {
  FrameQueue queue(1);
  queue.Append(Ramp(1000, 0));
  queue.Append(std::as_const(*Ramp(300, 1000)).Frames(0, 300));
  queue.Append(Ramp(700, 1300));
  EXPECT_EQ(queue.total_frames(), 2000);
  int64_t read = 0;
  for (const int count : {1, 998, 2, 400, 599}) {
    const ConstBlock frames = queue.Front(count);
    for (int i = 0; i < count; ++i) ASSERT_EQ(frames.channel(0)[i], read + i);
    queue.Pop(count);
    read += count;
  }
  EXPECT_EQ(queue.num_frames(), 0);
  EXPECT_EQ(queue.num_ready(), 0);
}

TEST(FrameQueueTest, WhatIsReadyIsReadWhereItLies) {
  FrameQueue queue(1);
  const std::shared_ptr<Clip> first = Ramp(1000, 0);
  const std::shared_ptr<Clip> second = Ramp(1000, 1000);
  queue.Append(first);
  queue.Append(second);
  ASSERT_EQ(queue.num_ready(), 1000);
  EXPECT_EQ(queue.Front(1000).data(), first->channel(0).data());
  queue.Pop(1000);
  ASSERT_EQ(queue.num_ready(), 1000);
  EXPECT_EQ(queue.Front(1000).data(), second->channel(0).data());
}

TEST(FrameQueueTest, AClipIsTakenBackIfNothingWasReadOfItAndNobodyElseHasIt) {
  FrameQueue queue(1);
  std::shared_ptr<Clip> clip = Ramp(100, 0);
  const float* const samples = clip->channel(0).data();
  queue.Append(clip);
  EXPECT_FALSE(queue.TakeClip().has_value()) << "others read it too";
  clip.reset();
  const std::optional<Clip> taken = queue.TakeClip();
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->channel(0).data(), samples);
  EXPECT_EQ(queue.num_frames(), 0);

  queue.Append(Ramp(100, 0));
  queue.Pop(1);
  EXPECT_FALSE(queue.TakeClip().has_value()) << "a part of it is gone";
  queue.Append(1);
  EXPECT_FALSE(queue.TakeClip().has_value()) << "there is more than the clip";
  queue.Pop(queue.num_frames());
  queue.Append(100);
  EXPECT_FALSE(queue.TakeClip().has_value()) << "memory of the queue's own";
}

TEST(FrameQueueTest, AnEmptyClipIsNoFrames) {
  FrameQueue queue(1);
  queue.Append(Ramp(0, 0));
  EXPECT_EQ(queue.num_frames(), 0);
  EXPECT_FALSE(queue.TakeClip().has_value());
  queue.Append(Ramp(5, 0));
  EXPECT_EQ(queue.num_ready(), 5);
}

TEST(FrameQueueTest, ACopyHasTheSameFrames) {
  FrameQueue queue(1);
  queue.Append(Ramp(1000, 0));
  queue.Append(std::as_const(*Ramp(1000, 1000)).Frames(0, 1000));
  queue.Pop(10);
  FrameQueue copy = queue;
  EXPECT_EQ(copy.total_frames(), 2000);
  ASSERT_EQ(copy.num_frames(), 1990);
  EXPECT_EQ(copy.Front(1990).channel(0)[0], 10);
  EXPECT_EQ(copy.Front(1990).channel(0)[1989], 1999);
}

TEST(FrameQueueTest, AnEmptyQueueHasNoFrames) {
  FrameQueue queue(3);
  EXPECT_EQ(queue.num_frames(), 0);
  EXPECT_EQ(queue.Front(0).num_channels(), 3);
  EXPECT_EQ(queue.Append(0).num_frames(), 0);
}

}  // namespace
}  // namespace patchbay
