#include "processors/analysis/loudness_histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace patchbay {
namespace {

constexpr float kFloorDb = -120;
constexpr double kOffsetDb = -0.691;
constexpr double kLowestDb = -70;
constexpr int kBinsPerDb = 100;
constexpr int kNumBins = 100 * kBinsPerDb;

// In double, so that the nearest bin is the same wherever a float would round.
double ExactLoudnessDb(double power) { return kOffsetDb + 10 * std::log10(power); }

double BinOf(double loudness_db) { return (loudness_db - kLowestDb) * kBinsPerDb; }

double MiddleDb(int bin) { return kLowestDb + (bin + 0.5) / kBinsPerDb; }

}  // namespace

float LoudnessDb(double power) {
  return power > 1e-30 ? std::max(kFloorDb, static_cast<float>(ExactLoudnessDb(power))) : kFloorDb;
}

double LoudnessPower(double loudness_db) { return std::pow(10, (loudness_db - kOffsetDb) / 10); }

LoudnessHistogram::LoudnessHistogram() : counts_(kNumBins) {}

int64_t LoudnessHistogram::HeapBytes() { return kNumBins * int64_t{sizeof(float)}; }

void LoudnessHistogram::Add(double power) {
  const double bin = power > 1e-30 ? BinOf(ExactLoudnessDb(power)) : -1;
  if (bin < 0) return;
  counts_[static_cast<size_t>(std::min(bin, kNumBins - 1.0))] += 1;
  total_power_ += power;
  total_count_ += 1;
}

int LoudnessHistogram::FirstBin(double relative_gate_db) const {
  if (!(total_count_ > 0) || !(total_power_ > 0)) return kNumBins;
  const double gate_db = ExactLoudnessDb(total_power_ / total_count_) + relative_gate_db;
  return static_cast<int>(std::clamp(BinOf(gate_db), 0.0, kNumBins - 1.0));
}

double LoudnessHistogram::GatedPower(double relative_gate_db) const {
  const double bin_ratio = std::pow(10, 0.1 / kBinsPerDb);
  const int first = FirstBin(relative_gate_db);
  double power = LoudnessPower(MiddleDb(first));
  double sum = 0, count = 0;
  for (int bin = first; bin < kNumBins; ++bin) {
    sum += counts_[bin] * power;
    count += counts_[bin];
    power *= bin_ratio;
  }
  return count > 0 ? sum / count : 0;
}

float LoudnessHistogram::GatedRangeDb(double relative_gate_db) const {
  const int first = FirstBin(relative_gate_db);
  const double count = std::accumulate(counts_.begin() + first, counts_.end(), 0.0);
  if (!(count > 0)) return 0;
  const auto percentile_bin = [&](double part) {
    // The nearest of the ranks 1 to count.
    const double rank = std::max(1.0, std::floor((count - 1) * part + 0.5) + 1);
    double below = 0;
    for (int bin = first; bin < kNumBins; ++bin) {
      below += counts_[bin];
      if (below >= rank) return bin;
    }
    return kNumBins - 1;
  };
  const int range = percentile_bin(0.95) - percentile_bin(0.10);
  return static_cast<float>(range) / kBinsPerDb;
}

void LoudnessHistogram::Archive(StateArchive& archive) {
  archive.Values(counts_);
  archive.Value(total_power_);
  archive.Value(total_count_);
}

}  // namespace patchbay
