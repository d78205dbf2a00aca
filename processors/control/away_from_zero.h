#ifndef PROCESSORS_CONTROL_AWAY_FROM_ZERO_H_
#define PROCESSORS_CONTROL_AWAY_FROM_ZERO_H_

#include <cmath>

namespace patchbay {

// The smallest magnitude that a control signal is divided by.
inline constexpr float kSmallestDivisor = 1e-12f;

// x, moved out to +-kSmallestDivisor if it is nearer to zero; zero counts as positive. Without
// branches, so that a loop over frames is vectorised.
inline float AwayFromZero(float x) {
  const float magnitude = std::abs(x);
  const float held = magnitude < kSmallestDivisor ? kSmallestDivisor : magnitude;
  return x < 0 ? -held : held;
}

}  // namespace patchbay

#endif  // PROCESSORS_CONTROL_AWAY_FROM_ZERO_H_
