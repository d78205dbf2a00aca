#ifndef PROCESSORS_ANALYSIS_K_WEIGHTING_H_
#define PROCESSORS_ANALYSIS_K_WEIGHTING_H_

#include <array>

#include "processors/filters/biquad.h"

namespace patchbay {

// The frequency weighting of loudness: ITU-R BS.1770-4, Annex 1, a high shelf for the head and a
// high-pass. The standard gives coefficients for 48 kHz; for any other rate above 4 kHz these are
// the filters with the same analog prototypes, as B. De Man, "Evaluation of Implementations of the
// EBU R128 Loudness Measurement", AES Convention 145, 2018, derives them.
std::array<Biquad, 2> DesignKWeighting(int sample_rate_hz);

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_K_WEIGHTING_H_
