#include "processors/analysis/true_peak.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>

#include "processors/core/state.h"
#include "processors/time/convolution_kernels.h"

namespace patchbay {
namespace {

constexpr double kKaiserBeta = 7;
constexpr int kHistoryFrames = TruePeak::kNumTaps - 1;

// As whole numbers, magnitudes are in the same order, and their maximum is vectorised.
int32_t MagnitudeBits(float sample) { return std::bit_cast<int32_t>(sample) & 0x7fffffff; }

int32_t Greatest(const float* samples, int count, int32_t greatest) {
  for (int i = 0; i < count; ++i) {
    const int32_t bits = MagnitudeBits(samples[i]);
    greatest = bits > greatest ? bits : greatest;
  }
  return greatest;
}

// The modified Bessel function of the first kind and order 0, by its power series. (That of the
// standard library writes a global variable of the C library's, so that two threads race.)
double BesselI0(double x) {
  double sum = 1;
  double term = 1;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    const double root = x / (2 * k);
    term *= root * root;
    sum += term;
  }
  return sum;
}

// Interpolates `fraction` frames after the frame kNumTaps / 2 ago.
std::array<float, TruePeak::kNumTaps> Taps(double fraction) {
  constexpr int kHalf = TruePeak::kNumTaps / 2;
  std::array<double, TruePeak::kNumTaps> taps;
  double sum = 0;
  for (int k = 0; k < TruePeak::kNumTaps; ++k) {
    const double x = k - kHalf + fraction;
    const double window = BesselI0(kKaiserBeta * std::sqrt(1 - x * x / (kHalf * kHalf)));
    taps[k] = std::sin(std::numbers::pi * x) / x * window;
    sum += taps[k];
  }
  std::array<float, TruePeak::kNumTaps> scaled;
  for (int k = 0; k < TruePeak::kNumTaps; ++k) scaled[k] = static_cast<float>(taps[k] / sum);
  return scaled;
}

}  // namespace

TruePeak::TruePeak(int sample_rate_hz) {
  const int oversampling = sample_rate_hz < 96000 ? 4 : sample_rate_hz < 192000 ? 2 : 1;
  for (int phase = 1; phase < oversampling; ++phase) {
    phases_.push_back(Taps(static_cast<double>(phase) / oversampling));
  }
}

float TruePeak::Measure(std::span<const float> samples, History& history) const {
  const int num_frames = static_cast<int>(samples.size());
  assert(num_frames <= kMaxFrames);
  int32_t greatest = Greatest(samples.data(), num_frames, 0);
  if (!phases_.empty()) {
    std::array<float, kHistoryFrames + kMaxFrames + kFirPadding> x;
    std::array<float, kMaxFrames + kFirPadding> y;
    std::ranges::copy(history, x.begin());
    std::ranges::copy(samples, x.begin() + kHistoryFrames);
    std::fill_n(x.begin() + kHistoryFrames + num_frames, kFirPadding, 0.0f);
    for (const std::array<float, kNumTaps>& taps : phases_) {
      std::fill_n(y.begin(), num_frames + kFirPadding, 0.0f);
      AddFir(taps.data(), kNumTaps, x.data() + kHistoryFrames, num_frames, y.data());
      greatest = Greatest(y.data(), num_frames, greatest);
    }
    std::copy_n(x.begin() + num_frames, kHistoryFrames, history.begin());
  }
  return std::bit_cast<float>(greatest);
}

}  // namespace patchbay
