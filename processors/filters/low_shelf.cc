#include "processors/filters/equalizer_design.h"
#include "processors/filters/filter_processor.h"

namespace patchbay {
namespace {

const Filter kLowShelf(
    {
        .name = "low_shelf",
        .summary = "Raises or lowers the bass.",
        .doc = "Second-order shelving equalizer (R. Bristow-Johnson, \"Audio EQ Cookbook\"): "
               "gain_db far below the cutoff, 0 dB far above it. Runs as a state-variable filter, "
               "so that all parameters may move fast.",
        .example = "low_shelf(cutoff_hz=200, gain_db=6)",
        .parameters = {CutoffHz(200, "Where the gain is half of gain_db."),
                       FilterGainDb("Gain of the bass."),
                       FilterQ(0.7071, "Steepness; above 0.7071 the curve overshoots.")},
    },
    [](const FilterSettings& settings, const ButterworthSection&) {
      return DesignLowShelf(settings.cutoff, settings.q, settings.gain_db);
    });

}  // namespace
}  // namespace patchbay
