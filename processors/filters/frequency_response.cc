#include "processors/filters/frequency_response.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "processors/core/decibels.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

std::complex<double> Rotation(double cycles) {
  return std::polar(1.0, 2 * std::numbers::pi * cycles);
}

}  // namespace

double MagnitudeDb(std::span<const Biquad> sections, double frequency) {
  const std::complex<double> delay = Rotation(-frequency);
  std::complex<double> response = 1;
  for (const Biquad& section : sections) {
    const auto [b, a] = TransferFunctionOf(section);
    response *= (b[0] + delay * (b[1] + delay * b[2])) / (a[0] + delay * (a[1] + delay * a[2]));
  }
  return RatioToDecibels(std::abs(response));
}

double MagnitudeDb(const std::string& processor,
                   const std::map<std::string, ParameterValue>& parameters, double frequency_hz) {
  const Clip impulse = Impulse({.num_channels = 1, .num_frames = 48000});
  const RunResult result = RunOrDie(processor, parameters, {impulse});
  if (result.outs.empty()) return std::nan("");
  std::complex<double> response = 0;
  for (int i = 0; i < 48000; ++i) {
    const double sample = result.outs[0].channel(0)[i];
    response += sample * Rotation(-std::fmod(frequency_hz * i, 48000.0) / 48000);
  }
  return RatioToDecibels(std::abs(response));
}

}  // namespace patchbay::testing
