#include "processors/filters/equalizer_design.h"
#include "processors/filters/filter_processor.h"

namespace patchbay {
namespace {

const Filter kBandpass(
    {
        .name = "bandpass",
        .summary = "Keeps a band of frequencies.",
        .doc = "Second-order band pass with 0 dB at its centre and 6 dB an octave to each side (R. "
               "Bristow-Johnson, \"Audio EQ Cookbook\"). Runs as a state-variable filter, so that "
               "all parameters may move fast.",
        .example = "bandpass(cutoff_hz=1000, q=2)",
        .parameters =
            {CutoffHz(1000, "Centre of the band."),
             FilterQ(1, "Centre over bandwidth between the -3 dB points: higher is narrower.")},
    },
    [](const FilterSettings& settings, const ButterworthSection&) {
      return DesignBandpass(settings.cutoff, settings.q);
    });

}  // namespace
}  // namespace patchbay
