#ifndef PROCESSORS_GENERATORS_POWER_SPECTRUM_H_
#define PROCESSORS_GENERATORS_POWER_SPECTRUM_H_

#include <span>
#include <vector>

namespace patchbay::testing {

// For tests: |X[k]|^2 for k = 0 to n/2, without a window, scaled so that a sine of amplitude A with
// a whole number k > 0 of periods gives A^2 at k.
std::vector<double> PowerSpectrum(std::span<const float> samples);

}  // namespace patchbay::testing

#endif  // PROCESSORS_GENERATORS_POWER_SPECTRUM_H_
