#ifndef PROCESSORS_FILTERS_FILTER_PROCESSOR_H_
#define PROCESSORS_FILTERS_FILTER_PROCESSOR_H_

#include <span>
#include <string>

#include "processors/core/processor_spec.h"
#include "processors/filters/biquad.h"

namespace patchbay {

// Rows for the tables of filters.
ParameterSpec CutoffHz(double default_hz, std::string doc);
ParameterSpec FilterQ(double default_q, std::string doc);
ParameterSpec FilterGainDb(std::string doc);
ParameterSpec FilterOrder();

// What a filter is designed from: the values of those of the rows above that its table has.
struct FilterSettings {
  double cutoff = 0;  // cycles per frame, between 0 and 0.5
  double q = 0;
  double gain_db = 0;
  int order = 2;
};

// Fills `sections`: one for every two orders. Called whenever a setting changes, on the audio
// thread: must not allocate.
using FilterDesign = void (*)(const FilterSettings& settings, std::span<Biquad> sections);

// A processor that runs its audio through the sections of a design:
//
//   const Filter kNotch({.name = "notch", ..., .parameters = {CutoffHz(...), FilterQ(...)}},
//                       [](const FilterSettings& settings, std::span<Biquad> sections) {...});
//
// registers it, and fills in category and in_place. A cutoff at or above half the sample rate is
// refused; one that moves there stops just below. Settings may jump at any rate: see biquad.h.
struct Filter {
  Filter(ProcessorSpec spec, FilterDesign design);
};

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_FILTER_PROCESSOR_H_
