#include "processors/analysis/yin.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>
#include <span>

namespace patchbay {
namespace {

constexpr double kSilentPower = 1e-10;  // of a frame: -100 dB
constexpr double kFftNoise = 1e-6;      // relative to the energy
constexpr float kAsDeep = 0.05f;        // how much shallower the dips of more periods may be

// Where the parabola through three neighbours has its extremum, relative to the middle one.
double Vertex(float before, float middle, float after) {
  const double curvature = double{before} - 2 * double{middle} + after;
  if (curvature <= 0) return 0;
  return std::clamp((double{before} - after) / (2 * curvature), -0.5, 0.5);
}

}  // namespace

Yin::Yin(int min_lag, int max_lag)
    : min_lag_(min_lag),
      max_lag_(max_lag),
      fft_(RealFft::OfSize(FftFrames(max_lag))),
      ones_(WindowFrames(max_lag), 1.0f) {
  assert(2 <= min_lag && min_lag < max_lag);
}

int Yin::FftFrames(int max_lag) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(WindowFrames(max_lag))));
}

// d(lag) = energy of the first W frames + energy of W frames from lag on - 2 correlation(lag). The
// FFT holds all frames that a lag up to W reaches, so that nothing wraps around.
double Yin::ComputeDifferences(Scratch& scratch) const {
  const int num_lags = max_lag_ + 2;
  const int half = max_lag_ + 1;
  float* frames = scratch.frames.data();
  float* differences = scratch.differences.data();
  fft_.Forward(frames, scratch.spectrum.data());
  double energy = 0;
  for (int j = 0; j < half; ++j) energy += double{frames[j]} * frames[j];
  const double first_energy = energy;
  for (int lag = 0; lag < num_lags; ++lag) {
    differences[lag] = static_cast<float>(first_energy + energy);
    if (lag == half) break;
    energy += double{frames[lag + half]} * frames[lag + half] - double{frames[lag]} * frames[lag];
  }
  std::fill(frames + half, frames + fft_.size(), 0.0f);
  fft_.Forward(frames, scratch.first_spectrum.data());
  float* product = scratch.spectrum.data();
  const float* first = scratch.first_spectrum.data();
  for (int k = 0; k < fft_.num_bins(); ++k) {
    const float re = product[2 * k] * first[2 * k] + product[2 * k + 1] * first[2 * k + 1];
    const float im = product[2 * k + 1] * first[2 * k] - product[2 * k] * first[2 * k + 1];
    product[2 * k] = re;
    product[2 * k + 1] = im;
  }
  fft_.Inverse(product, frames);
  const float scale = 2.0f / static_cast<float>(fft_.size());
  for (int lag = 0; lag < num_lags; ++lag) {
    differences[lag] = std::max(0.0f, differences[lag] - scale * frames[lag]);
  }
  return first_energy;
}

Yin::Dip Yin::FirstDip(const float* normalised, float threshold) const {
  for (int lag = min_lag_; lag <= max_lag_; ++lag) {
    const float* d = normalised + lag;
    if (d[0] >= d[-1] || d[0] > d[1]) continue;
    const double depth = d[0] - 0.25 * (d[-1] - d[1]) * Vertex(d[-1], d[0], d[1]);
    if (depth < threshold) return {lag, std::max(0.0f, static_cast<float>(depth))};
  }
  return {0, *std::min_element(normalised + min_lag_, normalised + max_lag_ + 1)};
}

double Yin::Refined(int dip, const Scratch& scratch) const {
  const float* d = scratch.differences.data();
  const float* normalised = scratch.normalised.data();
  double period = dip + Vertex(d[dip - 1], d[dip], d[dip + 1]);
  for (int periods = 2; periods * period < max_lag_ - 2; periods *= 2) {
    // The half as long lag was at most half a frame off: this one is at most one.
    const int predicted = static_cast<int>(std::lround(periods * period));
    const int lag = static_cast<int>(std::min_element(d + predicted - 1, d + predicted + 2) - d);
    if (normalised[lag] > normalised[dip] + kAsDeep) break;
    if (d[lag] > d[lag - 1] || d[lag] > d[lag + 1]) break;
    period = (lag + Vertex(d[lag - 1], d[lag], d[lag + 1])) / periods;
  }
  return period;
}

Yin::Estimate Yin::Analyse(const FrameHistory& history, float threshold, Scratch& scratch) const {
  const int num_frames = WindowFrames(max_lag_);
  const std::span<float> frames = std::span(scratch.frames).first(num_frames);
  history.Read(ones_.data(), num_frames, frames.data());
  const double dc = std::accumulate(frames.begin(), frames.end(), 0.0) / num_frames;
  for (float& frame : frames) frame = static_cast<float>(frame - dc);
  std::fill(scratch.frames.begin() + num_frames, scratch.frames.end(), 0.0f);
  const double signal_energy = ComputeDifferences(scratch);

  const float* d = scratch.differences.data();
  float* normalised = scratch.normalised.data();
  // What the FFT adds to nothing must not look like a sound.
  const double quiet = kSilentPower * num_frames + kFftNoise * signal_energy;
  double sum = 0;
  normalised[0] = 1;
  for (int lag = 1; lag < max_lag_ + 2; ++lag) {
    sum += d[lag];
    const double mean = sum / lag;
    normalised[lag] = mean > quiet ? static_cast<float>(d[lag] / mean) : 1;
  }
  const Dip dip = FirstDip(normalised, threshold);
  return {.period_frames = dip.lag > 0 ? static_cast<float>(Refined(dip.lag, scratch)) : 0,
          .aperiodicity = dip.depth};
}

}  // namespace patchbay
