#ifndef PROCESSORS_FILTERS_BUTTERWORTH_H_
#define PROCESSORS_FILTERS_BUTTERWORTH_H_

#include "processors/filters/biquad.h"

namespace patchbay {

// Butterworth filters of any order (S. Butterworth, "On the theory of filter amplifiers", 1930):
// maximally flat, -3.01 dB at the cutoff, then 6 dB an octave per order. Bilinear transform with
// the cutoff prewarped. An odd order ends with a section of first order.
constexpr int NumButterworthSections(int order) { return (order + 1) / 2; }

// What section number `index` of NumButterworthSections(order) is, whatever the cutoff.
struct ButterworthSection {
  ButterworthSection(int order, int index);

  bool is_first_order;
  double damping;
};

// `cutoff` is in cycles per frame, between 0 and 0.5.
inline Biquad ButterworthLowpass(const ButterworthSection& section, double cutoff) {
  const WarpedFrequency g = WarpedCutoff(cutoff);
  if (section.is_first_order) return FirstOrderSection(g, 0, 1);
  return SecondOrderSection(g, section.damping, 0, 0, 1);
}

inline Biquad ButterworthHighpass(const ButterworthSection& section, double cutoff) {
  const WarpedFrequency g = WarpedCutoff(cutoff);
  if (section.is_first_order) return FirstOrderSection(g, 1, 0);
  return SecondOrderSection(g, section.damping, 1, 0, 0);
}

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_BUTTERWORTH_H_
