#ifndef PROCESSORS_TIME_FREEVERB_TANK_H_
#define PROCESSORS_TIME_FREEVERB_TANK_H_

#include <array>
#include <cstdint>
#include <vector>

#include "processors/core/state_archive.h"

namespace patchbay {

// A ring of frames used in place: what stands at its position was written one length ago, is read,
// and is replaced.
class InPlaceDelayLine {
 public:
  explicit InPlaceDelayLine(int64_t num_frames) : frames_(num_frames) {}

  // The frames from the position on, up to the end of the memory.
  float* here() { return frames_.data() + position_; }
  int until_wrap() const { return static_cast<int>(frames_.size()) - position_; }

  // count is at most until_wrap().
  void Advance(int count) {
    position_ += count;
    if (position_ == static_cast<int>(frames_.size())) position_ = 0;
  }

  void Archive(StateArchive& archive) {
    archive.Values(frames_);
    archive.Index(position_, static_cast<int64_t>(frames_.size()));
  }

 private:
  std::vector<float> frames_;
  int position_ = 0;
};

struct CombCoefficients {
  float damping;   // of the one-pole low-pass in each loop, in [0, 1)
  float feedback;  // of each loop, in [0, 1)
};

// The reverberation of one channel (Freeverb, by Jezar at Dreampoint, 2000): eight combs in
// parallel with a low-pass in their loops (Moorer 1979), then four all-passes in series (Schroeder
// 1962). Freeverb's delays are scaled to the sample rate; those of channel c are longer by a spread
// of their own, for channel 1 the 23 frames of Freeverb's right channel.
class FreeverbTank {
 public:
  struct Delays {
    int64_t all;  // the sum of all delays
    int64_t longest_comb;
    int64_t all_allpasses;  // the sum of those in series
  };

  // Delays in frames.
  static Delays DelaysOf(int channel, int sample_rate_hz);

  // Heap memory.
  static int64_t Bytes(int channel, int sample_rate_hz);

  FreeverbTank(int channel, int sample_rate_hz);

  void Process(const float* in, int num_frames, CombCoefficients coefficients, float* out);
  void Archive(StateArchive& archive);

 private:
  std::vector<InPlaceDelayLine> combs_;
  std::vector<InPlaceDelayLine> allpasses_;
  std::array<float, 8> lowpassed_ = {};  // per comb
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_FREEVERB_TANK_H_
