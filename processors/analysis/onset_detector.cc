#include "processors/analysis/onset_detector.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>

#include "processors/analysis/hann_window.h"
#include "processors/analysis/hops.h"
#include "processors/core/errors.h"
#include "processors/core/fast_math.h"
#include "processors/core/state.h"

namespace patchbay {
namespace {

constexpr double kMinWindowSeconds = 0.016;
constexpr unsigned kMinWindowFrames = 16;
constexpr int kHopsPerSecond = 200;
constexpr double kLowestHz = 30;
constexpr double kHighestHz = 16000;
constexpr double kBandsPerOctave = 12;
constexpr int kMaxBands = 128;  // more than there are semitones
constexpr float kCompression = 1000;

// The rise of a sudden sound is the steepest when this part of the window holds it (measured with
// bursts of sines and noise, and clicks).
constexpr double kSteepestPart = 0.3125;

int WindowFrames(int sample_rate_hz) {
  const auto least = static_cast<unsigned>(std::ceil(kMinWindowSeconds * sample_rate_hz));
  return static_cast<int>(std::bit_ceil(std::max(least, kMinWindowFrames)));
}

int HopFrames(int sample_rate_hz) { return std::max(1, sample_rate_hz / kHopsPerSecond); }

std::vector<int> FirstBins(int sample_rate_hz) {
  const int window_frames = WindowFrames(sample_rate_hz);
  std::vector<int> first_bins;
  for (int band = 0; band <= kMaxBands; ++band) {
    const double hz = kLowestHz * std::exp2(band / kBandsPerOctave);
    if (hz > kHighestHz) break;
    const double bin = std::max(1.0, std::round(hz * window_frames / sample_rate_hz));
    if (bin > window_frames / 2) break;
    if (first_bins.empty() || bin > first_bins.back()) first_bins.push_back(static_cast<int>(bin));
  }
  // Below 60 Hz there may be no audio band at all: one band of everything.
  if (first_bins.size() < 2) first_bins = {1, window_frames / 2 + 1};
  return first_bins;
}

}  // namespace

OnsetDetector::Memory::Memory(int window_frames, int num_bands)
    : history_(window_frames),
      levels_(num_bands),
      frames_(window_frames),
      spectrum_(window_frames + 2) {}

void OnsetDetector::Memory::Archive(StateArchive& archive) {
  history_.Archive(archive);
  archive.Values(levels_);
  archive.Values(strengths_);
  archive.Index(hops_since_onset_, kMinHopsApart + 1);
  archive.Index(onset_due_, 2);
}

OnsetDetector::OnsetDetector(int sample_rate_hz)
    : hop_frames_(HopFrames(sample_rate_hz)),
      fft_(RealFft::OfSize(WindowFrames(sample_rate_hz))),
      window_(HannWindow(fft_.size())),
      first_bins_(FirstBins(sample_rate_hz)) {}

int64_t OnsetDetector::LatencyFrames(int sample_rate_hz) {
  return kHopsAfter * HopFrames(sample_rate_hz) +
         static_cast<int64_t>(kSteepestPart * WindowFrames(sample_rate_hz));
}

int64_t OnsetDetector::MemoryBytes(int sample_rate_hz) {
  const int64_t floats = 3 * int64_t{WindowFrames(sample_rate_hz)} + 2 + kMaxBands;
  return floats * static_cast<int64_t>(sizeof(float));
}

int64_t OnsetDetector::SharedBytes(int sample_rate_hz) {
  const int64_t floats = int64_t{WindowFrames(sample_rate_hz)} + kMaxBands + 1;
  return floats * static_cast<int64_t>(sizeof(float));
}

OnsetDetector::Memory OnsetDetector::NewMemory() const {
  return Memory(fft_.size(), static_cast<int>(first_bins_.size()) - 1);
}

float OnsetDetector::Strength(Memory& memory) const {
  memory.history_.Read(window_.data(), fft_.size(), memory.frames_.data());
  fft_.Forward(memory.frames_.data(), memory.spectrum_.data());
  const float* spectrum = memory.spectrum_.data();
  constexpr float kDecadesPerOctave = 0.30102999566f;
  float rise = 0;
  const int num_bands = static_cast<int>(memory.levels_.size());
  for (int band = 0; band < num_bands; ++band) {
    float power = 0;
    for (int k = first_bins_[band]; k < first_bins_[band + 1]; ++k) {
      power += spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    }
    const float level = kDecadesPerOctave * FastLog2(1 + kCompression * std::sqrt(power));
    rise += std::max(0.0f, level - memory.levels_[band]);
    memory.levels_[band] = level;
  }
  return rise / static_cast<float>(num_bands);
}

void OnsetDetector::Analyse(float sensitivity, Memory& memory) const {
  std::ranges::rotate(memory.strengths_, memory.strengths_.begin() + 1);
  memory.strengths_.back() = Strength(memory);

  const auto candidate = memory.strengths_.begin() + kMeanHopsBefore;
  const float greatest = *std::max_element(candidate - kHopsBefore, candidate + kHopsAfter + 1);
  const float mean = std::accumulate(memory.strengths_.begin(), memory.strengths_.end(), 0.0f) /
                     static_cast<float>(kNumStrengths);
  const float threshold = mean + 0.7f * std::pow(10.0f, -2.0f * sensitivity);
  const bool is_onset =
      *candidate >= greatest && *candidate > threshold && memory.hops_since_onset_ == kMinHopsApart;
  memory.onset_due_ = is_onset ? 1 : 0;
  memory.hops_since_onset_ = is_onset ? 0 : std::min(memory.hops_since_onset_ + 1, kMinHopsApart);
}

void OnsetDetector::Process(ConstBlock in, int64_t position_frames, float sensitivity,
                            Memory& memory, std::span<float> onset,
                            std::span<float> strength) const {
  assert(in.num_frames() <= kMaxFrames);
  CutAtHops(
      position_frames, in.num_frames(), hop_frames_,
      [&](int first, int count) {
        memory.history_.Push(in.Frames(first, count));
        std::ranges::fill(onset.subspan(first, count), 0.0f);
        onset[first] = static_cast<float>(memory.onset_due_);
        memory.onset_due_ = 0;
        std::ranges::fill(strength.subspan(first, count), memory.strengths_[kMeanHopsBefore]);
      },
      [&] { Analyse(sensitivity, memory); });
}

absl::StatusOr<std::vector<int64_t>> DetectOnsets(const Clip& clip, double sensitivity,
                                                  const Progress& progress) {
  const OnsetDetector detector(clip.sample_rate_hz());
  OnsetDetector::Memory memory = detector.NewMemory();
  const int64_t latency = OnsetDetector::LatencyFrames(clip.sample_rate_hz());
  const int64_t total = clip.num_frames() + latency;
  const Clip silence(clip.sample_rate_hz(), clip.num_channels(), kMaxFrames);
  std::array<float, kMaxFrames> onset, strength;
  std::vector<int64_t> onsets;
  for (int64_t done = 0; done < total;) {
    PATCHBAY_RETURN_IF_ERROR(progress(static_cast<double>(done) / total));
    const bool ended = done >= clip.num_frames();
    const int count =
        static_cast<int>(std::min<int64_t>(kMaxFrames, (ended ? total : clip.num_frames()) - done));
    detector.Process(ended ? silence.Frames(0, count) : clip.Frames(done, count), done,
                     static_cast<float>(sensitivity), memory, std::span(onset).first(count),
                     std::span(strength).first(count));
    for (int i = 0; i < count; ++i) {
      // Before the clip there is silence: what starts with it may seem to start a little earlier.
      if (onset[i] > 0) onsets.push_back(std::max<int64_t>(0, done + i - latency));
    }
    done += count;
  }
  return onsets;
}

}  // namespace patchbay
