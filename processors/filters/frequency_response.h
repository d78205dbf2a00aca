#ifndef PROCESSORS_FILTERS_FREQUENCY_RESPONSE_H_
#define PROCESSORS_FILTERS_FREQUENCY_RESPONSE_H_

#include <map>
#include <span>
#include <string>

#include "processors/core/parameters.h"
#include "processors/filters/biquad.h"

namespace patchbay::testing {

// The level in dB, relative to the input, of a sine of `frequency` cycles per frame after sections
// in series; from their coefficients.
double MagnitudeDb(std::span<const Biquad> sections, double frequency);

// The same for a processor at 48 kHz; from its impulse response, which must have died away after
// a second.
double MagnitudeDb(const std::string& processor,
                   const std::map<std::string, ParameterValue>& parameters, double frequency_hz);

}  // namespace patchbay::testing

#endif  // PROCESSORS_FILTERS_FREQUENCY_RESPONSE_H_
