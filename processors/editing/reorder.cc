#include "processors/editing/reorder.h"

#include <utility>

#include "processors/core/errors.h"
#include "processors/core/stretches.h"

namespace patchbay {

absl::StatusOr<std::vector<Clip>> Reorder(std::vector<Clip> clips, double grain_seconds,
                                          double overlap, const Order& order,
                                          const Progress& progress) {
  std::vector<Clip> reordered;
  if (grain_seconds == 0) {
    std::vector<Piece> pieces;
    for (const Clip& clip : clips) pieces.push_back({&clip, {0, clip.num_frames()}});
    PATCHBAY_ASSIGN_OR_RETURN(const std::vector<size_t> positions, order(pieces, progress));
    for (const size_t position : positions) reordered.push_back(std::move(clips[position]));
    return reordered;
  }
  for (const Clip& clip : clips) {
    const Progress of_clip = StepOf(progress, reordered.size(), clips.size());
    const GrainShape shape(grain_seconds, overlap, clip.sample_rate_hz());
    const std::vector<Piece> grains = Grains(clip, shape);
    PATCHBAY_ASSIGN_OR_RETURN(const std::vector<size_t> positions,
                              order(grains, StepOf(of_clip, 0, 2)));
    std::vector<Piece> moved;
    for (const size_t position : positions) moved.push_back(grains[position]);
    PATCHBAY_ASSIGN_OR_RETURN(
        Clip joined, JoinGrains(moved, shape, FadeCurve::kConstantPower, clip.sample_rate_hz(),
                                clip.num_channels(), StepOf(of_clip, 1, 2)));
    reordered.push_back(std::move(joined));
  }
  return reordered;
}

}  // namespace patchbay
