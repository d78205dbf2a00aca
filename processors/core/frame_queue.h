#ifndef PROCESSORS_CORE_FRAME_QUEUE_H_
#define PROCESSORS_CORE_FRAME_QUEUE_H_

#include <cstdint>
#include <memory>

#include "processors/core/block.h"

namespace patchbay {

// Frames that wait to be read: planar, first in, first out. Grows as needed and keeps its memory.
class FrameQueue {
 public:
  explicit FrameQueue(int num_channels) : num_channels_(num_channels) {}
  FrameQueue(const FrameQueue& other) : num_channels_(other.num_channels_) {
    Append(other.Front(other.num_frames()));
    total_ = other.total_;
  }
  FrameQueue(FrameQueue&&) = default;
  FrameQueue& operator=(FrameQueue&&) = default;

  int num_channels() const { return num_channels_; }
  int num_frames() const { return count_; }
  // Appended since the start.
  int64_t total_frames() const { return total_; }

  // Room for num_frames more, to be filled by the caller. Valid until the next call.
  Block Append(int num_frames);
  void Append(ConstBlock frames) { Copy(frames, Append(frames.num_frames())); }

  // The first `count` frames that wait; at most num_frames().
  ConstBlock Front(int count) const;
  void Pop(int count);

 private:
  int num_channels_;
  // capacity_ frames a channel; not initialised, so that a large queue costs nothing at once.
  std::unique_ptr<float[]> samples_;
  int capacity_ = 0;
  int first_ = 0;
  int count_ = 0;
  int64_t total_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_FRAME_QUEUE_H_
