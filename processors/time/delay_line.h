#ifndef PROCESSORS_TIME_DELAY_LINE_H_
#define PROCESSORS_TIME_DELAY_LINE_H_

#include <cstdint>
#include <vector>

#include "processors/core/state_archive.h"

namespace patchbay {

// The past of several channels, each in a ring of num_frames() frames with one place to write at.
// The ring is longer than the longest delay by what one call writes and by what interpolation needs
// on both sides, so that a call's reads and writes never overlap. The first frames of a ring are
// repeated behind its end: the four frames around any position are contiguous.
class DelayLine {
 public:
  // Silence.
  DelayLine(int num_channels, int64_t max_delay_frames);

  // Heap memory.
  static int64_t Bytes(int num_channels, int64_t max_delay_frames);

  void Archive(StateArchive& archive);

  int64_t num_frames() const { return num_frames_; }

  // Where the next frame goes.
  int64_t write() const { return write_; }

  // Where the frame is that went in `frames` before the next one.
  int64_t Position(int64_t frames) const {
    return write_ - frames + (write_ < frames ? num_frames_ : 0);
  }

  // A channel's ring.
  float* channel(int c) { return rings_.data() + c * (num_frames_ + kRepeatedFrames); }

  // So many frames were written from write() on: it goes on by as many. At most up to the end of
  // the ring.
  void Advance(int count);

 private:
  static constexpr int64_t kRepeatedFrames = 3;

  const int num_channels_;
  const int64_t num_frames_;
  int64_t write_ = 0;
  std::vector<float> rings_;
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_DELAY_LINE_H_
