#include "processors/analysis/frame_history.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "processors/core/state.h"

namespace patchbay {
namespace {

constexpr float kLoudest = 1e10f;

void MixDown(ConstBlock from, float* to) {
  const int num_frames = from.num_frames();
  const float scale = 1.0f / static_cast<float>(from.num_channels());
  std::fill_n(to, num_frames, 0.0f);
  for (int c = 0; c < from.num_channels(); ++c) {
    const float* samples = from.channel(c).data();
    for (int i = 0; i < num_frames; ++i) to[i] += samples[i] * scale;
  }
  for (int i = 0; i < num_frames; ++i) {
    const float bounded = to[i] < kLoudest ? to[i] : kLoudest;
    to[i] = bounded > -kLoudest ? bounded : -kLoudest;
  }
}

}  // namespace

void FrameHistory::Push(ConstBlock frames) {
  assert(frames.num_frames() <= kMaxFrames);
  std::array<float, kMaxFrames> mixed;
  MixDown(frames, mixed.data());
  const float* next = mixed.data();
  for (int left = frames.num_frames(); left > 0;) {
    const int count = std::min(left, num_frames() - oldest_);
    std::copy_n(next, count, frames_.data() + oldest_);
    next += count;
    left -= count;
    oldest_ = oldest_ + count < num_frames() ? oldest_ + count : 0;
  }
}

void FrameHistory::Read(const float* window, int count, float* out) const {
  assert(count <= num_frames());
  int from = oldest_ - count;
  if (from < 0) from += num_frames();
  for (int done = 0; done < count;) {
    const int run = std::min(count - done, num_frames() - from);
    for (int i = 0; i < run; ++i) out[done + i] = window[done + i] * frames_[from + i];
    done += run;
    from = 0;
  }
}

void FrameHistory::Archive(StateArchive& archive) {
  archive.Values(frames_);
  archive.Index(oldest_, num_frames());
}

}  // namespace patchbay
