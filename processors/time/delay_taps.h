#ifndef PROCESSORS_TIME_DELAY_TAPS_H_
#define PROCESSORS_TIME_DELAY_TAPS_H_

#include <cstdint>

#include "processors/core/state.h"
#include "processors/time/delay_tap.h"

namespace patchbay {

// What a delay time may be.
struct DelayRange {
  double Frames(float seconds) const {
    const double frames = DelayFrames(seconds, sample_rate_hz) - loop_frames;
    const double above = frames > 0 ? frames : 0;
    return above < max_frames ? above : max_frames;
  }

  double sample_rate_hz;
  double loop_frames;  // by which the input comes late already
  double max_frames;
};

// A DelayTap for each frame of a call. Computed and read by vector instructions, with the same bits
// as one by one.
class DelayTaps {
 public:
  // A tap for each of num_frames delay times.
  DelayTaps(const float* seconds, int num_frames, const DelayRange& range);

  DelayTap operator[](int frame) const {
    DelayTap tap;
    tap.oldest = oldest_[frame];
    tap.known_frames = known_frames_[frame];
    tap.weights = {weights_[0][frame], weights_[1][frame], weights_[2][frame], weights_[3][frame]};
    return tap;
  }

  // How many of num_frames frames from `first` can be computed before the first of them is read.
  int KnownRun(int first, int num_frames) const;

  // Where the oldest frame of each of num_frames taps from `first` is in a ring of line_frames, the
  // frame of tap `first` being at `write`.
  void Locate(int first, int num_frames, int64_t write, int64_t line_frames,
              int32_t* positions) const;

  // Reads num_frames taps from `first` at these positions of `line`.
  void Read(int first, int num_frames, const float* line, const int32_t* positions,
            float* out) const;

 private:
  int32_t least_known_;  // of all frames
  int32_t oldest_[kMaxFrames];
  int32_t known_frames_[kMaxFrames];
  float weights_[4][kMaxFrames];
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_DELAY_TAPS_H_
