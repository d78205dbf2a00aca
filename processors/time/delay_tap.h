#ifndef PROCESSORS_TIME_DELAY_TAP_H_
#define PROCESSORS_TIME_DELAY_TAP_H_

#include <array>
#include <cmath>
#include <cstdint>

namespace patchbay {

// From the oldest of four contiguous frames to the newest.
using DelayWeights = std::array<float, 4>;

inline float InterpolateDelay(const float* p, const DelayWeights& weights) {
  return p[0] * weights[0] + p[1] * weights[1] + p[2] * weights[2] + p[3] * weights[3];
}

// A time in frames. A float holds most times only nearly: what it cannot tell from a whole number
// of frames is one.
inline double DelayFrames(float seconds, double sample_rate_hz) {
  // Adding it rounds to a whole number, without a call: a loop over frames is vectorised.
  constexpr double kRound = 0x1.8p52;
  const double frames = seconds * sample_rate_hz;
  const double nearest = (frames + kRound) - kRound;
  return std::abs(frames - nearest) <= frames * 0x1p-23 ? nearest : frames;
}

// Cubic Lagrange interpolation, `t` of the way from the third frame to the second. Without
// branches: a loop over frames is vectorised. The second weight is 0 only if t is.
inline DelayWeights CubicDelayWeights(float t) {
  return {(t + 1) * t * (t - 1) * (1 / 6.0f), (t + 1) * t * (2 - t) * 0.5f,
          (t + 1) * (1 - t) * (2 - t) * 0.5f, t * (t - 1) * (2 - t) * (1 / 6.0f)};
}

// How to read a delay line at a position that need not be a whole number of frames back: by cubic
// Lagrange interpolation through the four frames around it, or linearly below two frames, where the
// newest of the four is not known yet. (Laakso et al., "Splitting the Unit Delay", IEEE Signal
// Processing Magazine 13(1), 1996.) Both are exact at whole frames, so that a moving delay does not
// jump, and amplify no frequency, so that feedback stays stable.
struct DelayTap {
  DelayTap() = default;

  // `frames` is not negative.
  explicit DelayTap(double frames) {
    const int32_t whole = static_cast<int32_t>(frames);
    const float t = static_cast<float>(frames - whole);
    oldest = whole + 2;
    known_frames = t == 0 ? whole : whole - 1;
    weights = whole < 2 ? DelayWeights{0, t, 1 - t, 0} : CubicDelayWeights(t);
  }

  bool is_whole() const { return oldest - known_frames == 2; }

  // `p` is the oldest of the four frames. A whole number of frames back is the third, bit for bit.
  float Read(const float* p) const { return is_whole() ? p[2] : InterpolateDelay(p, weights); }

  int32_t oldest;  // of the four, counted in frames before the one being computed
  // How many frames can be computed before the first of them is read. Not positive below two
  // frames, unless the delay is one frame.
  int32_t known_frames;
  DelayWeights weights;
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_DELAY_TAP_H_
