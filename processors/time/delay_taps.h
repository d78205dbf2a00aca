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

// A DelayTap for each frame of a call. Those that are read together, none of which is below two
// frames unless it is one frame, are computed and read by vector instructions, with the same bits
// as one by one.
class DelayTaps {
 public:
  // Fewer are better read one by one.
  static constexpr int kFewest = 8;

  // A tap for each of num_frames delay times, which must outlive it.
  DelayTaps(const float* seconds, int num_frames, const DelayRange& range);

  DelayTap operator[](int frame) const { return DelayTap(range_.Frames(seconds_[frame])); }

  // How many of num_frames frames from `first` can be computed before the first of them is read.
  int KnownRun(int first, int num_frames) const;

  // Where the oldest frame of each of num_frames taps from `first` is in a ring of line_frames, the
  // frame of tap `first` being at `write`.
  void Locate(int first, int num_frames, int64_t write, int64_t line_frames,
              int32_t* positions) const;

  // Reads num_frames taps from `first`, at least kFewest and at most a known run, at these
  // positions of `line`.
  void Read(int first, int num_frames, const float* line, const int32_t* positions,
            float* out) const;

 private:
  const float* const seconds_;
  const DelayRange range_;
  int32_t least_oldest_;  // of all frames
  int32_t oldest_[kMaxFrames];
  float weights_[4][kMaxFrames];
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_DELAY_TAPS_H_
