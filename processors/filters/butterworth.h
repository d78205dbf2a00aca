#ifndef PROCESSORS_FILTERS_BUTTERWORTH_H_
#define PROCESSORS_FILTERS_BUTTERWORTH_H_

#include <span>

#include "processors/filters/biquad.h"

namespace patchbay {

// Butterworth filters of any order (S. Butterworth, "On the theory of filter amplifiers", 1930):
// maximally flat, -3.01 dB at the cutoff, then 6 dB an octave per order. Bilinear transform with
// the cutoff prewarped. An odd order ends with a section of first order.
//
// `cutoff` is in cycles per frame, between 0 and 0.5; there are NumButterworthSections(order)
// sections.
constexpr int NumButterworthSections(int order) { return (order + 1) / 2; }

void DesignButterworthLowpass(int order, double cutoff, std::span<Biquad> sections);
void DesignButterworthHighpass(int order, double cutoff, std::span<Biquad> sections);

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_BUTTERWORTH_H_
