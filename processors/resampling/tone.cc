#include "processors/resampling/tone.h"

#include <cmath>
#include <complex>
#include <numbers>

namespace patchbay::testing {
namespace {

double Amplitude(std::span<const float> samples, double cycles_per_frame) {
  const std::complex<double> step = std::polar(1.0, -2 * std::numbers::pi * cycles_per_frame);
  std::complex<double> rotor = 1;
  std::complex<double> sum = 0;
  const double n = static_cast<double>(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    sum += samples[i] * (1 - std::cos(2 * std::numbers::pi * (i + 0.5) / n)) * rotor;
    rotor *= step;
  }
  return std::abs(sum) * 2 / n;
}

}  // namespace

Tone FindTone(std::span<const float> samples, int sample_rate_hz, double expected_hz) {
  Tone best = {0, 0};
  for (double ratio = 0.94; ratio <= 1.06; ratio += 0.001) {
    const double frequency_hz = expected_hz * ratio;
    const double amplitude = Amplitude(samples, frequency_hz / sample_rate_hz);
    if (amplitude > best.amplitude) best = {frequency_hz, amplitude};
  }
  return best;
}

}  // namespace patchbay::testing
