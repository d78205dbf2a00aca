#ifndef PROCESSORS_CORE_CLIP_H_
#define PROCESSORS_CORE_CLIP_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "processors/core/block.h"
#include "processors/core/zeroed_allocator.h"

namespace patchbay {

// Audio that owns its memory: planar float32, channels x frames, at a sample rate.
class Clip {
 public:
  Clip() = default;

  // Silence. num_channels * num_frames samples are allocated; see ZeroedAllocator for what it
  // costs.
  Clip(int sample_rate_hz, int num_channels, int64_t num_frames)
      : samples_(static_cast<size_t>(num_channels) * num_frames),
        num_frames_(num_frames),
        sample_rate_hz_(sample_rate_hz),
        num_channels_(num_channels) {}

  int sample_rate_hz() const { return sample_rate_hz_; }
  int num_channels() const { return num_channels_; }
  int64_t num_frames() const { return num_frames_; }

  std::span<const float> channel(int c) const {
    return std::span(samples_).subspan(c * num_frames_, num_frames_);
  }
  std::span<float> channel(int c) {
    return std::span(samples_).subspan(c * num_frames_, num_frames_);
  }

  // Views of `count` frames from `first`. count fits an int: long clips are walked in pieces.
  Block Frames(int64_t first, int count) {
    return {samples_.data() + first, num_channels_, count, static_cast<ptrdiff_t>(num_frames_)};
  }
  ConstBlock Frames(int64_t first, int count) const {
    return {samples_.data() + first, num_channels_, count, static_cast<ptrdiff_t>(num_frames_)};
  }

 private:
  std::vector<float, ZeroedAllocator<float>> samples_;
  int64_t num_frames_ = 0;
  int sample_rate_hz_ = 0;
  int num_channels_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_CLIP_H_
