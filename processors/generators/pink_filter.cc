#include "processors/generators/pink_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchbay {
namespace {

// Found by minimising the greatest deviation from the slope between 20 Hz and 22 kHz at 48 kHz.
constexpr double kSpacing = 3;             // from pole to pole
constexpr double kHighestZero = 0.376978;  // of half the sample rate
constexpr double kExtraZero = 0.188875;

constexpr double kLowestHz = 5;
constexpr double kRms = 0.2;
constexpr double kInputPower = 1.0 / 3;

}  // namespace

PinkFilter::PinkFilter(double sample_rate_hz) {
  const double octaves = std::log(sample_rate_hz / 2 / kLowestHz) / std::log(kSpacing);
  const int n = std::clamp(static_cast<int>(std::ceil(octaves)), 1, kNumPoles);
  std::array<double, kNumPoles> poles, zeros, residues;
  for (int k = 0; k < n; ++k) {
    const double zero = std::numbers::pi * kHighestZero * std::pow(kSpacing, -k);
    zeros[k] = std::exp(-zero);
    poles[k] = std::exp(-zero / std::sqrt(kSpacing));
  }
  double direct = 1;
  for (int k = 0; k < n; ++k) {
    direct *= zeros[k] / poles[k];
    residues[k] = 1;
    for (int j = 0; j < n; ++j) {
      residues[k] *= 1 - zeros[j] / poles[k];
      if (j != k) residues[k] /= 1 - poles[j] / poles[k];
    }
  }
  // The impulse response without the extra zero is g(0) = direct + sum r_k, g(i) = sum r_k p_k^i.
  // Its autocorrelation at lags 0 and 1 gives the power of the output.
  double g0 = direct, lag0 = 0, lag1 = 0;
  for (int k = 0; k < n; ++k) g0 += residues[k];
  lag0 = g0 * g0;
  for (int k = 0; k < n; ++k) {
    lag1 += g0 * residues[k] * poles[k];
    for (int j = 0; j < n; ++j) {
      const double rest =
          residues[k] * residues[j] * poles[k] * poles[j] / (1 - poles[k] * poles[j]);
      lag0 += rest;
      lag1 += rest * poles[j];
    }
  }
  const double power = ((1 + kExtraZero * kExtraZero) * lag0 + 2 * kExtraZero * lag1) * kInputPower;
  const double gain = kRms / std::sqrt(power);
  direct_ = static_cast<float>(direct * gain);
  for (int k = 0; k < n; ++k) {
    poles_[k] = static_cast<float>(poles[k]);
    residues_[k] = static_cast<float>(residues[k] * gain);
  }
}

void PinkFilter::Process(std::span<float> block, Memory& memory) const {
  static_assert(kNumPoles == 12);
  // Copies on the stack stay in registers: stores to `block` might alias the members.
  const std::array<float, kNumPoles> poles = poles_;
  const std::array<float, kNumPoles> residues = residues_;
  std::array<float, kNumPoles> y = memory.poles;
  const float direct = direct_;
  float previous = memory.previous;
  for (float& sample : block) {
    const float x = sample + static_cast<float>(kExtraZero) * previous;
    previous = sample;
    for (int k = 0; k < kNumPoles; ++k) y[k] = poles[k] * y[k] + residues[k] * x;
    // Four partial sums, which are one vector.
    float sums[4];
    for (int k = 0; k < 4; ++k) sums[k] = y[k] + y[k + 4] + y[k + 8];
    sample = direct * x + ((sums[0] + sums[1]) + (sums[2] + sums[3]));
  }
  memory.poles = y;
  memory.previous = previous;
}

}  // namespace patchbay
