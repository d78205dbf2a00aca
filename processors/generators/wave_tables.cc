#include "processors/generators/wave_tables.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchbay {
namespace {

using std::numbers::pi;

constexpr int kSamplesPerHarmonic = 16;
constexpr int kMinSamples = 2048;

int PeriodSamples(int num_harmonics) {
  const int size = static_cast<int>(std::bit_ceil(static_cast<unsigned>(num_harmonics)));
  return std::max(size * kSamplesPerHarmonic, kMinSamples);
}

std::vector<double> SinePeriod(int size) {
  std::vector<double> sine(size);
  for (int i = 0; i < size; ++i) sine[i] = std::sin(2 * pi * i / size);
  return sine;
}

// Fourier series of waveforms that rise through zero at phase 0 and reach from -1 to 1.
double SawAmplitude(int k) { return (k % 2 == 1 ? 2 : -2) / (pi * k); }
double SquareAmplitude(int k) { return k % 2 == 1 ? 4 / (pi * k) : 0; }
double TriangleAmplitude(int k) {
  if (k % 2 == 0) return 0;
  return (k % 4 == 1 ? 8 : -8) / (pi * pi * k * k);
}

}  // namespace

WaveTable::WaveTable(const std::vector<float>& period)
    : fraction_shift_(std::countr_zero(period.size())), index_shift_(32 - fraction_shift_) {
  samples_.reserve(period.size() + 3);
  samples_.push_back(period.back());
  samples_.insert(samples_.end(), period.begin(), period.end());
  samples_.insert(samples_.end(), period.begin(), period.begin() + 2);
}

WaveTables::WaveTables(double (*amplitude)(int harmonic)) {
  constexpr int kSize = kMaxHarmonics * kSamplesPerHarmonic;
  const std::vector<double> sine = SinePeriod(kSize);
  std::vector<double> sum(kSize);
  int num_harmonics = 0;
  for (int step = 0; step < kNumSteps; ++step) {
    const int first = num_harmonics;
    for (; num_harmonics + 1 <= NumHarmonics(step); ++num_harmonics) {
      const int k = num_harmonics + 1;
      const double a = amplitude(k);
      if (a == 0) continue;
      // A sum of sines is odd: the second half mirrors the first.
      for (int i = 1; i < kSize / 2; ++i) sum[i] += a * sine[(k * i) & (kSize - 1)];
    }
    if (num_harmonics > first) {
      const int size = PeriodSamples(num_harmonics);
      std::vector<float> period(size);
      for (int i = 1; i < size / 2; ++i) {
        period[i] = static_cast<float>(sum[i * (kSize / size)]);
        period[size - i] = -period[i];
      }
      tables_.push_back(std::make_unique<WaveTable>(period));
    }
    by_step_[step] = tables_.back().get();
  }
}

int64_t WaveTables::Bytes() {
  int64_t total = sizeof(WaveTables);
  int num_harmonics = 0;
  for (int step = 0; step < kNumSteps; ++step) {
    const int most = static_cast<int>(NumHarmonics(step));
    if (most > num_harmonics) {
      total += WaveTable::Bytes(PeriodSamples(most)) +
               static_cast<int64_t>(sizeof(std::unique_ptr<const WaveTable>));
    }
    num_harmonics = most;
  }
  return total;
}

// Never destroyed: sessions may still run while the process ends.
const WaveTables& WaveTables::Saw() {
  static const WaveTables& tables = *new WaveTables(&SawAmplitude);
  return tables;
}

const WaveTables& WaveTables::Square() {
  static const WaveTables& tables = *new WaveTables(&SquareAmplitude);
  return tables;
}

const WaveTables& WaveTables::Triangle() {
  static const WaveTables& tables = *new WaveTables(&TriangleAmplitude);
  return tables;
}

}  // namespace patchbay
