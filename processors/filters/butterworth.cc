#include "processors/filters/butterworth.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace patchbay {

// The poles lie evenly on the unit circle; the pair at the angle t from the imaginary axis has the
// damping 2 sin t.
ButterworthSection::ButterworthSection(int order, int index)
    : is_first_order(2 * index + 1 == order),
      damping(2 * std::sin(std::numbers::pi * (2 * index + 1) / (2 * order))) {
  assert(index >= 0 && index < NumButterworthSections(order));
}

}  // namespace patchbay
