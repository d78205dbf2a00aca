#include "processors/analysis/k_weighting.h"

#include <cmath>

namespace patchbay {
namespace {

constexpr double kShelfHz = 1681.974450955533;
constexpr double kShelfQ = 0.7071752369554196;
constexpr double kShelfDb = 3.999843853973347;
constexpr double kShelfBandExponent = 0.4996667741545416;
constexpr double kHighpassHz = 38.13547087602444;
constexpr double kHighpassQ = 0.5003270373238773;
// At 48 kHz the numerator is 1 - 2 / z + 1 / z^2: so much more than 0 dB.
constexpr double kHighpassGain = 1.0049949;

}  // namespace

std::array<Biquad, 2> DesignKWeighting(int sample_rate_hz) {
  const double high = std::pow(10, kShelfDb / 20);
  const double band = std::pow(high, kShelfBandExponent);
  return {SecondOrderSection(WarpedCutoff(kShelfHz / sample_rate_hz), 1 / kShelfQ, high,
                             band / kShelfQ, 1),
          SecondOrderSection(WarpedCutoff(kHighpassHz / sample_rate_hz), 1 / kHighpassQ,
                             kHighpassGain, 0, 0)};
}

}  // namespace patchbay
