#include "processors/time/delay_line.h"

#include <algorithm>
#include <cassert>

#include "processors/core/state.h"

namespace patchbay {
namespace {

constexpr int64_t kMarginFrames = kMaxFrames + 4;

}  // namespace

DelayLine::DelayLine(int num_channels, int64_t max_delay_frames)
    : num_channels_(num_channels),
      num_frames_(max_delay_frames + kMarginFrames),
      rings_(num_channels * (num_frames_ + kRepeatedFrames)) {}

int64_t DelayLine::Bytes(int num_channels, int64_t max_delay_frames) {
  return static_cast<int64_t>(sizeof(float)) * num_channels *
         (max_delay_frames + kMarginFrames + kRepeatedFrames);
}

void DelayLine::Archive(StateArchive& archive) {
  archive.Index(write_, num_frames_);
  archive.Values(rings_);
}

void DelayLine::Advance(int count) {
  assert(count <= num_frames_ - write_);
  for (int64_t i = write_; i < std::min(write_ + count, kRepeatedFrames); ++i) {
    for (int c = 0; c < num_channels_; ++c) channel(c)[num_frames_ + i] = channel(c)[i];
  }
  write_ = write_ + count < num_frames_ ? write_ + count : 0;
}

}  // namespace patchbay
