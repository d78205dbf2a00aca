#ifndef PROCESSORS_FILTERS_FILTER_PROCESSOR_H_
#define PROCESSORS_FILTERS_FILTER_PROCESSOR_H_

#include <string>
#include <utility>

#include "processors/core/processor_spec.h"
#include "processors/filters/biquad_group.h"
#include "processors/filters/butterworth.h"

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
};

// Designs one section for kBiquadLanes settings.
using FilterDesign = void (*)(const FilterSettings* settings, const ButterworthSection& section,
                              BiquadLanes& lanes);

// A processor that runs its audio through the sections of a design, one for every two orders, and
// of order 2 if its table has none:
//
//   const Filter kNotch({.name = "notch", ..., .parameters = {CutoffHz(...), FilterQ(...)}},
//                       [](const FilterSettings& settings, const ButterworthSection&) -> Biquad
//                       {...});
//
// registers it, and fills in category and in_place. A cutoff at or above half the sample rate is
// refused; one that moves there stops just below. Settings may jump at any rate: see biquad.h.
struct Filter {
  // The design is called whenever a setting changes, on the audio thread: it must not allocate.
  template <typename Design>
  Filter(ProcessorSpec spec, Design)
      : Filter(std::move(spec), FilterDesign(&DesignLanes<Design>)) {}
  Filter(ProcessorSpec spec, FilterDesign design);

 private:
  template <typename Design>
  static void DesignLanes(const FilterSettings* settings, const ButterworthSection& section,
                          BiquadLanes& lanes) {
    for (int i = 0; i < kBiquadLanes; ++i) lanes.Set(i, Design()(settings[i], section));
  }
};

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_FILTER_PROCESSOR_H_
