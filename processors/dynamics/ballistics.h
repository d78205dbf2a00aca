#ifndef PROCESSORS_DYNAMICS_BALLISTICS_H_
#define PROCESSORS_DYNAMICS_BALLISTICS_H_

#include <cmath>
#include <cstddef>
#include <span>

namespace patchbay {

// The smooth branching detector of Giannoulis, Massberg & Reiss, "Digital Dynamic Range Compressor
// Design", JAES 60(6), 2012, eq. 16: a one-pole low-pass whose time constant is the attack while
// the input is above the output, the release while it is below.
//
//   y[n] = a y[n-1] + (1 - a) x[n],   a = exp(-1 / (time_seconds * sample_rate_hz))
//
// Both times are true time constants: after a step, 63 % (1 - 1/e) of the way is done.
class Ballistics {
 public:
  // Both times are positive.
  Ballistics(double attack_seconds, double release_seconds, double sample_rate_hz)
      : attack_(std::exp(-1 / (attack_seconds * sample_rate_hz))),
        release_(std::exp(-1 / (release_seconds * sample_rate_hz))) {}

  // Replaces values by the detector's output. Goes on from `level`, the last output, and leaves the
  // new one there. In double precision, because a float would stop short of a steady input when the
  // time constant is long.
  void Follow(std::span<float> values, double& level) const {
    WithPick([&](auto pick) {
      double y = level;
      for (float& value : values) value = static_cast<float>(y = Next(y, value, pick));
      level = y;
    });
  }

  // The same for two channels at once, which takes no longer than one, since each frame waits for
  // the frame before.
  void Follow(std::span<float> first, std::span<float> second, double& first_level,
              double& second_level) const {
    WithPick([&](auto pick) {
      double y = first_level;
      double z = second_level;
      for (size_t i = 0; i < first.size(); ++i) {
        first[i] = static_cast<float>(y = Next(y, first[i], pick));
        second[i] = static_cast<float>(z = Next(z, second[i], pick));
      }
      first_level = y;
      second_level = z;
    });
  }

 private:
  template <typename Pick>
  double Next(double y, double x, Pick pick) const {
    return pick(attack_ * y + (1 - attack_) * x, release_ * y + (1 - release_) * x);
  }

  // Of the two candidates, the one with the shorter time is nearer to the input. So when the attack
  // is the shorter, the right candidate is always the greater; no comparison of input and output
  // lengthens the chain of dependent operations.
  template <typename Loop>
  void WithPick(Loop loop) const {
    if (attack_ <= release_) {
      loop([](double a, double b) { return a > b ? a : b; });
    } else {
      loop([](double a, double b) { return a < b ? a : b; });
    }
  }

  const double attack_;
  const double release_;
};

}  // namespace patchbay

#endif  // PROCESSORS_DYNAMICS_BALLISTICS_H_
