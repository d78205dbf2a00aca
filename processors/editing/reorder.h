#ifndef PROCESSORS_EDITING_REORDER_H_
#define PROCESSORS_EDITING_REORDER_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/editing/grains.h"

namespace patchbay {

// The new order of pieces: a permutation of their positions. Tells how far it is in finding it.
using Order =
    std::function<absl::StatusOr<std::vector<size_t>>(std::span<const Piece>, const Progress&)>;

// Puts into another order: the clips themselves if grain_seconds is 0, or else, within each clip,
// its grains. As many clips come out as go in.
absl::StatusOr<std::vector<Clip>> Reorder(std::vector<Clip> clips, double grain_seconds,
                                          double overlap, const Order& order,
                                          const Progress& progress);

}  // namespace patchbay

#endif  // PROCESSORS_EDITING_REORDER_H_
