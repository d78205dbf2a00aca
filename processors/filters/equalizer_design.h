#ifndef PROCESSORS_FILTERS_EQUALIZER_DESIGN_H_
#define PROCESSORS_FILTERS_EQUALIZER_DESIGN_H_

#include "processors/filters/biquad.h"

namespace patchbay {

// The second-order filters of R. Bristow-Johnson, "Audio EQ Cookbook" (W3C Note, 2021), with the
// same analog prototypes and so the same transfer functions, as state-variable sections.
//
// `cutoff` is the centre, or of shelves the midpoint, where the gain is gain_db / 2; in cycles per
// frame, between 0 and 0.5. q > 0.
Biquad DesignBandpass(double cutoff, double q);  // 0 dB at the centre
Biquad DesignNotch(double cutoff, double q);
Biquad DesignPeak(double cutoff, double q, double gain_db);
Biquad DesignLowShelf(double cutoff, double q, double gain_db);
Biquad DesignHighShelf(double cutoff, double q, double gain_db);

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_EQUALIZER_DESIGN_H_
