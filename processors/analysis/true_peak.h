#ifndef PROCESSORS_ANALYSIS_TRUE_PEAK_H_
#define PROCESSORS_ANALYSIS_TRUE_PEAK_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "processors/core/state_archive.h"

namespace patchbay {

// The greatest magnitude of a signal between its samples: ITU-R BS.1770-4, Annex 2. The signal is
// oversampled four times below 96 kHz, twice below 192 kHz, by a sinc function in a Kaiser window
// of 32 frames. A peak between the points of the finer grid reads low, by up to 0.17 dB at a
// quarter of the sample rate. Immutable and thread-safe; every channel has a History.
class TruePeak {
 public:
  static constexpr int kNumTaps = 32;

  // The last samples of a channel.
  using History = std::array<float, kNumTaps - 1>;

  explicit TruePeak(int sample_rate_hz);

  // At most kMaxFrames samples. The peak of what lies kNumTaps / 2 frames back, and of the samples
  // themselves; finite for samples up to 1e30.
  float Measure(std::span<const float> samples, History& history) const;

 private:
  std::vector<std::array<float, kNumTaps>> phases_;  // of the points between samples
};

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_TRUE_PEAK_H_
