#ifndef PROCESSORS_EDITING_COLLECTION_H_
#define PROCESSORS_EDITING_COLLECTION_H_

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/core/clip_processor.h"

namespace patchbay {

// What editors of whole clips have in common.

inline int64_t FramesIn(double seconds, int sample_rate_hz) {
  return std::llround(seconds * sample_rate_hz);
}

// Silence. INVALID_ARGUMENT if it would take more than 4 GiB, so that a slip in a parameter ends
// with a message instead of exhausted memory.
absl::StatusOr<Clip> NewClip(int sample_rate_hz, int num_channels, int64_t num_frames);

// The channels of what is made of all `clips`: mono clips go with any number and play in every
// channel. INVALID_ARGUMENT for other mixtures, and for no clip at all.
absl::StatusOr<int> CommonChannels(std::span<const Clip> clips);

// The channel of a clip with `num_channels` that plays in channel c of a collection.
inline int SourceChannel(int num_channels, int c) { return num_channels == 1 ? 0 : c; }

// `count` frames of a clip.
struct Range {
  int64_t first = 0;
  int64_t count = 0;
  bool operator==(const Range&) const = default;
};

// A copy of that part of `clip`. Errors are those of `progress`.
absl::StatusOr<Clip> Cut(const Clip& clip, Range range, const Progress& progress);

}  // namespace patchbay

#endif  // PROCESSORS_EDITING_COLLECTION_H_
