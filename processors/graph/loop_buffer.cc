#include "processors/graph/loop_buffer.h"

#include <algorithm>

#include "processors/core/state.h"

namespace patchbay {

LoopBuffer::LoopBuffer(int num_channels) : ring_(static_cast<size_t>(num_channels) * kMaxFrames) {}

void LoopBuffer::Read(Block out) const {
  const int first = std::min(out.num_frames(), kMaxFrames - oldest_);
  for (int c = 0; c < out.num_channels(); ++c) {
    const float* const ring = ring_.data() + c * kMaxFrames;
    const auto to = std::copy_n(ring + oldest_, first, out.channel(c).begin());
    std::copy_n(ring, out.num_frames() - first, to);
  }
}

void LoopBuffer::Write(ConstBlock in) {
  const int first = std::min(in.num_frames(), kMaxFrames - oldest_);
  for (int c = 0; c < in.num_channels(); ++c) {
    float* const ring = ring_.data() + c * kMaxFrames;
    std::copy_n(in.channel(c).begin(), first, ring + oldest_);
    std::copy_n(in.channel(c).begin() + first, in.num_frames() - first, ring);
  }
  oldest_ = (oldest_ + in.num_frames()) % kMaxFrames;
}

void LoopBuffer::Archive(StateArchive& archive) {
  archive.Values(ring_);
  archive.Index(oldest_, kMaxFrames);
}

}  // namespace patchbay
