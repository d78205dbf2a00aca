#include "processors/filters/butterworth.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace patchbay {
namespace {

// With high = 1, low = 0 or the other way round. The poles lie evenly on the unit circle; the pair
// at the angle t from the imaginary axis has the damping 2 sin t.
void Design(int order, double cutoff, double high, double low, std::span<Biquad> sections) {
  assert(static_cast<int>(sections.size()) == NumButterworthSections(order));
  const double g = WarpedCutoff(cutoff);
  for (int i = 0; i < order / 2; ++i) {
    const double damping = 2 * std::sin(std::numbers::pi * (2 * i + 1) / (2 * order));
    sections[i] = SecondOrderSection(g, damping, high, 0, low);
  }
  if (order % 2 == 1) sections.back() = FirstOrderSection(g, high, low);
}

}  // namespace

void DesignButterworthLowpass(int order, double cutoff, std::span<Biquad> sections) {
  Design(order, cutoff, 0, 1, sections);
}

void DesignButterworthHighpass(int order, double cutoff, std::span<Biquad> sections) {
  Design(order, cutoff, 1, 0, sections);
}

}  // namespace patchbay
