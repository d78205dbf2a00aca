#include "processors/core/frame_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace patchbay {

Block FrameQueue::Append(int num_frames) {
  assert(num_frames >= 0);
  if (first_ + count_ + num_frames > capacity_) {
    // At least half of a full queue is room again, so that moving costs little per frame.
    const int needed = count_ + num_frames;
    const int capacity = needed * 2 > capacity_ ? std::max(needed * 2, 2 * 256) : capacity_;
    auto moved =
        std::make_unique_for_overwrite<float[]>(static_cast<size_t>(capacity) * num_channels_);
    for (int c = 0; c < num_channels_ && count_ > 0; ++c) {
      const float* const from = samples_.get() + static_cast<ptrdiff_t>(c) * capacity_ + first_;
      std::copy(from, from + count_, moved.get() + static_cast<ptrdiff_t>(c) * capacity);
    }
    samples_ = std::move(moved);
    capacity_ = capacity;
    first_ = 0;
  }
  const int start = first_ + count_;
  count_ += num_frames;
  total_ += num_frames;
  return {samples_.get() + start, num_channels_, num_frames, capacity_};
}

ConstBlock FrameQueue::Front(int count) const {
  assert(count >= 0 && count <= count_);
  return {samples_.get() + first_, num_channels_, count, capacity_};
}

void FrameQueue::Pop(int count) {
  assert(count >= 0 && count <= count_);
  first_ += count;
  count_ -= count;
  if (count_ == 0) first_ = 0;
}

}  // namespace patchbay
