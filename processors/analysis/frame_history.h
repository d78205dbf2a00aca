#ifndef PROCESSORS_ANALYSIS_FRAME_HISTORY_H_
#define PROCESSORS_ANALYSIS_FRAME_HISTORY_H_

#include <vector>

#include "processors/core/block.h"
#include "processors/core/state_archive.h"

namespace patchbay {

// The last frames of a stream, mixed down to the mean of its channels; silence before the first.
// Samples are held within +-1e10, so that no spectrum of them overflows.
class FrameHistory {
 public:
  explicit FrameHistory(int num_frames) : frames_(num_frames) {}

  int num_frames() const { return static_cast<int>(frames_.size()); }

  // At most kMaxFrames frames.
  void Push(ConstBlock frames);

  // The last `count` frames, at most num_frames(), the oldest first: out[n] = window[n] * frame[n].
  void Read(const float* window, int count, float* out) const;

  void Archive(StateArchive& archive);

 private:
  std::vector<float> frames_;  // a ring
  int oldest_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_FRAME_HISTORY_H_
