#include "processors/filters/butterworth.h"
#include "processors/filters/filter_processor.h"

namespace patchbay {
namespace {

const Filter kLowpass(
    {
        .name = "lowpass",
        .summary = "Removes what is above a frequency: hiss, brightness.",
        .doc =
            "Butterworth filter, 6 dB an octave per order, by bilinear transform with the cutoff "
            "prewarped; second-order sections, and one of first order if the order is odd. They "
            "are state-variable filters, so that the cutoff may move fast. A cutoff that moves to "
            "half the sample rate or above stops just below it.",
        .example = "lowpass(cutoff_hz=1000)",
        .parameters = {CutoffHz(1000, "Where the level is 3 dB down; above it falls off."),
                       FilterOrder()},
    },
    [](const FilterSettings& settings, const ButterworthSection& section) {
      return ButterworthLowpass(section, settings.cutoff);
    });

}  // namespace
}  // namespace patchbay
