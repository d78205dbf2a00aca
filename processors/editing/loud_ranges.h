#ifndef PROCESSORS_EDITING_LOUD_RANGES_H_
#define PROCESSORS_EDITING_LOUD_RANGES_H_

#include <cstdint>
#include <vector>

#include "processors/editing/collection.h"

namespace patchbay {

// The parts of `clip` between silences, in order: each begins and ends with a frame in which a
// channel exceeds `threshold` (an amplitude), and holds no `minimum_silence` (at least 1) frames in
// a row in which none does. Errors are those of `progress`.
absl::StatusOr<std::vector<Range>> LoudRanges(const Clip& clip, double threshold,
                                              int64_t minimum_silence, const Progress& progress);

}  // namespace patchbay

#endif  // PROCESSORS_EDITING_LOUD_RANGES_H_
