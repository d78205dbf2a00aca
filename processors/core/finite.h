#ifndef PROCESSORS_CORE_FINITE_H_
#define PROCESSORS_CORE_FINITE_H_

#include <limits>

namespace patchbay {

// x, or the largest number of its sign if x has overflowed. Two instructions in a vectorised loop.
inline float Finite(float x) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  const float above = -kLargest < x ? x : -kLargest;
  return above < kLargest ? above : kLargest;
}

}  // namespace patchbay

#endif  // PROCESSORS_CORE_FINITE_H_
