#include "processors/filters/equalizer_design.h"
#include "processors/filters/filter_processor.h"

namespace patchbay {
namespace {

const Filter kNotch(
    {
        .name = "notch",
        .summary = "Removes one frequency, such as mains hum.",
        .doc = "Second-order band reject: nothing passes at its centre (R. Bristow-Johnson, "
               "\"Audio EQ Cookbook\"). Runs as a state-variable filter, so that all parameters "
               "may move fast.",
        .example = "notch(cutoff_hz=50, q=10)",
        .parameters =
            {CutoffHz(50, "Frequency to remove."),
             FilterQ(10, "Centre over bandwidth between the -3 dB points: higher is narrower.")},
    },
    [](const FilterSettings& settings, const ButterworthSection&) {
      return DesignNotch(settings.cutoff, settings.q);
    });

}  // namespace
}  // namespace patchbay
