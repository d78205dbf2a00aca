#ifndef PROCESSORS_ANALYSIS_ONSET_DETECTOR_H_
#define PROCESSORS_ANALYSIS_ONSET_DETECTOR_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/analysis/frame_history.h"
#include "processors/analysis/real_fft.h"
#include "processors/core/clip_processor.h"
#include "processors/core/state_archive.h"

namespace patchbay {

// Finds where sounds begin. Stages, every 5 ms:
//   1. a Hann window of 16 to 32 ms of the mean of the channels -> magnitude spectrum
//   2. bands of a semitone (of one bin where bins are wider) -> level = log10(1 + 1000 magnitude)
//   3. strength = mean over the bands of the rise of their level since 5 ms ago, in decades
//   4. an onset is where the strength is the greatest within 30 ms before and after, exceeds its
//      mean from 100 ms before to 30 ms after by 0.7 * 10^(-2 sensitivity), and 30 ms have passed
//      since the onset before.
// Onsets are found within about 3 ms. Source: spectral flux of logarithmic magnitudes in bands,
// and the peak picking, of Boeck, Krebs & Schedl, "Evaluating the Online Capabilities of Onset
// Detection Methods", ISMIR 2012.
//
// Immutable and thread-safe; what a stream remembers is a Memory. Any sample rate from 1 Hz on.
class OnsetDetector {
 public:
  class Memory;

  explicit OnsetDetector(int sample_rate_hz);

  Memory NewMemory() const;

  // An onset of input frame n makes onset[] 1 at frame n + LatencyFrames, all others are 0.
  // strength[] is as late and held for 5 ms. At most kMaxFrames frames; `position_frames` is that
  // of the first. sensitivity is 0 to 1. Allocates nothing.
  void Process(ConstBlock in, int64_t position_frames, float sensitivity, Memory& memory,
               std::span<float> onset, std::span<float> strength) const;

  static int64_t LatencyFrames(int sample_rate_hz);
  // Upper limits of the heap memory of a Memory and of an OnsetDetector.
  static int64_t MemoryBytes(int sample_rate_hz);
  static int64_t SharedBytes(int sample_rate_hz);

 private:
  // In hops of 5 ms.
  static constexpr int kHopsAfter = 6;
  static constexpr int kHopsBefore = 6;
  static constexpr int kMeanHopsBefore = 20;
  static constexpr int kMinHopsApart = 6;
  static constexpr int kNumStrengths = kMeanHopsBefore + 1 + kHopsAfter;

  void Analyse(float sensitivity, Memory& memory) const;
  float Strength(Memory& memory) const;

  const int hop_frames_;
  const RealFft& fft_;
  const AlignedFloats window_;
  const std::vector<int> first_bins_;  // of each band, and the end of the last
};

class OnsetDetector::Memory {
 public:
  void Archive(StateArchive& archive);

 private:
  friend class OnsetDetector;
  Memory(int window_frames, int num_bands);

  FrameHistory history_;
  std::vector<float> levels_;                        // of each band, at the last hop
  std::array<float, kNumStrengths> strengths_ = {};  // the newest last
  int hops_since_onset_ = kMinHopsApart;             // at most kMinHopsApart
  int onset_due_ = 0;                                // 1: the next frame is an onset
  AlignedFloats frames_, spectrum_;                  // scratch
};

// The frames of a clip where sounds begin, in ascending order. sensitivity is 0 to 1: about 0.3
// for loud attacks only, 0.5 as a rule, 0.7 for soft ones too. Errors are those of `progress`.
absl::StatusOr<std::vector<int64_t>> DetectOnsets(const Clip& clip, double sensitivity,
                                                  const Progress& progress);

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_ONSET_DETECTOR_H_
