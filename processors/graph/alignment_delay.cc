#include "processors/graph/alignment_delay.h"

#include <algorithm>

namespace patchbay {

AlignmentDelay::AlignmentDelay(int num_channels, int64_t delay_frames)
    : delay_frames_(delay_frames), history_(static_cast<size_t>(num_channels) * delay_frames) {}

void AlignmentDelay::Process(ConstBlock in, Block out) {
  for (int done = 0; done < in.num_frames();) {
    const int count =
        static_cast<int>(std::min<int64_t>(in.num_frames() - done, delay_frames_ - oldest_));
    for (int c = 0; c < in.num_channels(); ++c) {
      float* const ring = history_.data() + c * delay_frames_ + oldest_;
      std::copy_n(ring, count, out.channel(c).begin() + done);
      std::copy_n(in.channel(c).begin() + done, count, ring);
    }
    oldest_ = (oldest_ + count) % delay_frames_;
    done += count;
  }
}

void AlignmentDelay::Archive(StateArchive& archive) {
  archive.Values(history_);
  archive.Index(oldest_, delay_frames_);
}

}  // namespace patchbay
