#ifndef PROCESSORS_ANALYSIS_SLIDING_WINDOW_H_
#define PROCESSORS_ANALYSIS_SLIDING_WINDOW_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "processors/core/state_archive.h"

namespace patchbay {

// A statistic over the last frames, in parts: the window moves by a part at a time. So a sum has no
// rounding errors that stay, and a long window needs little memory and time.
template <typename Part>
class SlidingWindow {
 public:
  static constexpr int kNumParts = 32;

  // So many make a window that is at least window_seconds and a frame long.
  static int64_t PartFrames(double window_seconds, int sample_rate_hz) {
    const double frames = std::max(1.0, std::round(window_seconds * sample_rate_hz));
    return static_cast<int64_t>(std::ceil(frames / kNumParts));
  }

  // The part that fills.
  Part& current() { return current_; }

  // The part is full: the oldest makes room for it.
  void Move() {
    parts_[oldest_] = current_;
    current_ = Part();
    oldest_ = oldest_ + 1 < kNumParts ? oldest_ + 1 : 0;
  }

  // All full parts, in no order.
  const std::array<Part, kNumParts>& parts() const { return parts_; }

  // archive_part(part) archives one.
  template <typename ArchivePart>
  void Archive(StateArchive& archive, ArchivePart archive_part) {
    archive_part(current_);
    for (Part& part : parts_) archive_part(part);
    archive.Index(oldest_, kNumParts);
  }

 private:
  Part current_ = {};
  std::array<Part, kNumParts> parts_ = {};
  int oldest_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_SLIDING_WINDOW_H_
