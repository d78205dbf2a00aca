#ifndef PROCESSORS_ANALYSIS_HANN_WINDOW_H_
#define PROCESSORS_ANALYSIS_HANN_WINDOW_H_

#include <cmath>
#include <numbers>

#include "processors/time/aligned_floats.h"

namespace patchbay {

// The periodic Hann window, scaled so that a sine of amplitude 1 in the middle of a bin has
// magnitude 1 there.
inline AlignedFloats HannWindow(int size) {
  AlignedFloats window(size);
  for (int n = 0; n < size; ++n) {
    window[n] = static_cast<float>((1 - std::cos(2 * std::numbers::pi * n / size)) * 2 / size);
  }
  return window;
}

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_HANN_WINDOW_H_
