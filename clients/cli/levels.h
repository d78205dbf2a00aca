#ifndef CLIENTS_CLI_LEVELS_H_
#define CLIENTS_CLI_LEVELS_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/words.h"
#include "processors/core/block.h"

namespace patchbay {

// How loud audio was, over all of its channels.
class Levels {
 public:
  void Add(ConstBlock block) {
    for (int c = 0; c < block.num_channels(); ++c) {
      double sum = 0;
      for (const float sample : block.channel(c)) {
        peak_ = std::max(peak_, std::abs(sample));
        sum += static_cast<double>(sample) * sample;
      }
      sum_ += sum;
      num_samples_ += block.num_frames();
    }
  }

  // Amplitudes: 1 is 0 dB.
  double peak() const { return peak_; }
  double rms() const { return num_samples_ == 0 ? 0 : std::sqrt(sum_ / num_samples_); }

  std::string InWords() const {
    if (peak_ == 0) return "silence";
    return absl::StrCat("peak ", InDecibels(peak()), ", RMS ", InDecibels(rms()));
  }

 private:
  float peak_ = 0;
  double sum_ = 0;
  int64_t num_samples_ = 0;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_LEVELS_H_
