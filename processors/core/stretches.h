#ifndef PROCESSORS_CORE_STRETCHES_H_
#define PROCESSORS_CORE_STRETCHES_H_

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "processors/core/clip_processor.h"
#include "processors/core/errors.h"

namespace patchbay {

// Some milliseconds of work, even of the slower kinds.
inline constexpr int kStretchFrames = 1 << 15;

// Walks a long clip: calls work(first, count) for one stretch after the other of frames
// [0, num_frames), and tells `progress` before each; an error from that ends the walk.
template <typename Work>
absl::Status InStretches(int64_t num_frames, const Progress& progress, const Work& work) {
  for (int64_t first = 0; first < num_frames; first += kStretchFrames) {
    PATCHBAY_RETURN_IF_ERROR(progress(static_cast<double>(first) / num_frames));
    work(first, static_cast<int>(std::min<int64_t>(kStretchFrames, num_frames - first)));
  }
  return absl::OkStatus();
}

// What tells `progress` of step `step` of `num_steps` equal ones. It must not outlive `progress`.
inline Progress StepOf(const Progress& progress, int64_t step, int64_t num_steps) {
  return [&progress, step, num_steps](double done) {
    return progress((static_cast<double>(step) + done) / num_steps);
  };
}

}  // namespace patchbay

#endif  // PROCESSORS_CORE_STRETCHES_H_
