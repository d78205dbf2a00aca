#include "processors/filters/butterworth.h"
#include "processors/filters/filter_processor.h"

namespace patchbay {
namespace {

const Filter kHighpass(
    {
        .name = "highpass",
        .summary = "Removes what is below a frequency: rumble, DC.",
        .doc =
            "Butterworth filter, 6 dB an octave per order, by bilinear transform with the cutoff "
            "prewarped; second-order sections, and one of first order if the order is odd. They "
            "are state-variable filters, so that the cutoff may move fast. A cutoff that moves to "
            "half the sample rate or above stops just below it.",
        .example = "highpass(cutoff_hz=80)",
        .parameters = {CutoffHz(80, "Where the level is 3 dB down; below it falls off."),
                       FilterOrder()},
    },
    [](const FilterSettings& settings, const ButterworthSection& section) {
      return ButterworthHighpass(section, settings.cutoff);
    });

}  // namespace
}  // namespace patchbay
