#include "processors/filters/equalizer_design.h"
#include "processors/filters/filter_processor.h"

namespace patchbay {
namespace {

const Filter kPeak(
    {
        .name = "peak",
        .summary = "Raises or lowers a band of frequencies.",
        .doc = "Second-order peaking equalizer (R. Bristow-Johnson, \"Audio EQ Cookbook\"): "
               "gain_db at the centre, 0 dB far from it. Runs as a state-variable filter, so that "
               "all parameters may move fast.",
        .example = "peak(cutoff_hz=1000, gain_db=6, q=1)",
        .parameters =
            {CutoffHz(1000, "Centre of the band."), FilterGainDb("Gain at the centre."),
             FilterQ(
                 1,
                 "Centre over bandwidth between the points of half the gain: higher is narrower.")},
    },
    [](const FilterSettings& settings, const ButterworthSection&) {
      return DesignPeak(settings.cutoff, settings.q, settings.gain_db);
    });

}  // namespace
}  // namespace patchbay
