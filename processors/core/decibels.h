#ifndef PROCESSORS_CORE_DECIBELS_H_
#define PROCESSORS_CORE_DECIBELS_H_

#include <cmath>

namespace patchbay {

// Amplitude ratios in decibels: 20 log10(ratio).
inline double DecibelsToRatio(double db) { return std::exp(db * 0.11512925464970228420); }
inline double RatioToDecibels(double ratio) { return 20 * std::log10(ratio); }

}  // namespace patchbay

#endif  // PROCESSORS_CORE_DECIBELS_H_
