#include "processors/filters/equalizer_design.h"
#include "processors/filters/filter_processor.h"

namespace patchbay {
namespace {

const Filter kHighShelf(
    {
        .name = "high_shelf",
        .summary = "Raises or lowers the treble.",
        .doc = "Second-order shelving equalizer (R. Bristow-Johnson, \"Audio EQ Cookbook\"): "
               "gain_db far above the cutoff, 0 dB far below it. Runs as a state-variable filter, "
               "so that all parameters may move fast.",
        .example = "high_shelf(cutoff_hz=3000, gain_db=6)",
        .parameters = {CutoffHz(3000, "Where the gain is half of gain_db."),
                       FilterGainDb("Gain of the treble."),
                       FilterQ(0.7071, "Steepness; above 0.7071 the curve overshoots.")},
    },
    [](const FilterSettings& settings, const ButterworthSection&) {
      return DesignHighShelf(settings.cutoff, settings.q, settings.gain_db);
    });

}  // namespace
}  // namespace patchbay
