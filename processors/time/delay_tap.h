#ifndef PROCESSORS_TIME_DELAY_TAP_H_
#define PROCESSORS_TIME_DELAY_TAP_H_

#include <array>
#include <cstdint>

namespace patchbay {

// From the oldest of four contiguous frames to the newest.
using DelayWeights = std::array<float, 4>;

inline float InterpolateDelay(const float* p, const DelayWeights& weights) {
  return p[0] * weights[0] + p[1] * weights[1] + p[2] * weights[2] + p[3] * weights[3];
}

// How to read a delay line at a position that need not be a whole number of frames back: by cubic
// Lagrange interpolation through the four frames around it, or linearly below two frames, where the
// newest of the four is not known yet. (Laakso et al., "Splitting the Unit Delay", IEEE Signal
// Processing Magazine 13(1), 1996.) Both are exact at whole frames, so that a moving delay does not
// jump, and amplify no frequency, so that feedback stays stable.
struct DelayTap {
  DelayTap() = default;

  explicit DelayTap(double frames) {
    const int64_t whole = static_cast<int64_t>(frames);
    const float t = static_cast<float>(frames - static_cast<double>(whole));
    oldest = whole + 2;
    is_whole = t == 0;
    if (whole < 2) {
      weights = {0, t, 1 - t, 0};
    } else {
      weights = {(t + 1) * t * (t - 1) * (1 / 6.0f), (t + 1) * t * (2 - t) * 0.5f,
                 (t + 1) * (1 - t) * (2 - t) * 0.5f, t * (t - 1) * (2 - t) * (1 / 6.0f)};
    }
  }

  // How many frames can be computed before the first of them is read. Not positive below two
  // frames, unless the delay is one frame.
  int64_t known_frames() const { return oldest - (is_whole ? 2 : 3); }

  // `p` is the oldest of the four frames. A whole number of frames back is the third, bit for bit.
  float Read(const float* p) const { return is_whole ? p[2] : InterpolateDelay(p, weights); }

  int64_t oldest;  // of the four, counted in frames before the one being computed
  bool is_whole;
  DelayWeights weights;
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_DELAY_TAP_H_
