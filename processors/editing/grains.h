#ifndef PROCESSORS_EDITING_GRAINS_H_
#define PROCESSORS_EDITING_GRAINS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "processors/core/parameter_spec.h"
#include "processors/editing/join.h"

namespace patchbay {

// Short pieces that overlap, so that in any order they crossfade without clicks.
struct GrainShape {
  GrainShape(double seconds, double overlap, int sample_rate_hz);

  int64_t frames;          // at least 1
  int64_t overlap_frames;  // at most half of it
};

// Consecutive grains of the whole clip, each beginning where the one before begins to fade out; the
// last may be shorter. None of an empty clip.
std::vector<Piece> Grains(const Clip& clip, const GrainShape& shape);

// Lines up grains by overlap-add. Grains of one clip in their own order, crossfaded linearly, give
// that clip again: its start and end are not faded, the edges of other grains are.
absl::StatusOr<Clip> JoinGrains(std::span<const Piece> grains, const GrainShape& shape,
                                FadeCurve curve, int sample_rate_hz, int num_channels,
                                const Progress& progress);

// The rows of a table for GrainShape.
ParameterSpec GrainSecondsSpec(double minimum, const char* doc);
ParameterSpec GrainOverlapSpec();

}  // namespace patchbay

#endif  // PROCESSORS_EDITING_GRAINS_H_
