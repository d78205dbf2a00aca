#ifndef PROCESSORS_CORE_BLOCK_H_
#define PROCESSORS_CORE_BLOCK_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <type_traits>

namespace patchbay {

// A planar view of audio, channels x frames, that owns nothing. Channel c starts at
// data + c * channel_stride; its frames are contiguous. Copying a view copies no samples.
template <typename Sample>
class BasicBlock {
 public:
  constexpr BasicBlock() = default;
  constexpr BasicBlock(Sample* data, int num_channels, int num_frames, ptrdiff_t channel_stride)
      : data_(data),
        channel_stride_(channel_stride),
        num_channels_(num_channels),
        num_frames_(num_frames) {}

  // A Block can be read wherever a ConstBlock is asked for.
  template <typename Other>
    requires(std::is_same_v<Sample, const Other>)
  constexpr BasicBlock(BasicBlock<Other> other)  // NOLINT: implicit on purpose
      : BasicBlock(other.data(), other.num_channels(), other.num_frames(),
                   other.channel_stride()) {}

  constexpr int num_channels() const { return num_channels_; }
  constexpr int num_frames() const { return num_frames_; }
  constexpr ptrdiff_t channel_stride() const { return channel_stride_; }
  constexpr Sample* data() const { return data_; }

  constexpr std::span<Sample> channel(int c) const {
    assert(c >= 0 && c < num_channels_);
    return {data_ + c * channel_stride_, static_cast<size_t>(num_frames_)};
  }

  // The view of frames [first, first + count).
  constexpr BasicBlock Frames(int first, int count) const {
    assert(first >= 0 && count >= 0 && first + count <= num_frames_);
    return {data_ + first, num_channels_, count, channel_stride_};
  }

 private:
  Sample* data_ = nullptr;
  ptrdiff_t channel_stride_ = 0;
  int num_channels_ = 0;
  int num_frames_ = 0;
};

using Block = BasicBlock<float>;
using ConstBlock = BasicBlock<const float>;

// Copies between blocks of the same shape; a no-op when both are the same memory.
inline void Copy(ConstBlock from, Block to) {
  assert(from.num_channels() == to.num_channels() && from.num_frames() == to.num_frames());
  if (from.data() == to.data()) return;
  for (int c = 0; c < to.num_channels(); ++c) {
    std::ranges::copy(from.channel(c), to.channel(c).begin());
  }
}

inline void Fill(Block block, float value) {
  for (int c = 0; c < block.num_channels(); ++c) std::ranges::fill(block.channel(c), value);
}

}  // namespace patchbay

#endif  // PROCESSORS_CORE_BLOCK_H_
