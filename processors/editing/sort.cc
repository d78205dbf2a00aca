#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"
#include "processors/editing/piece_features.h"
#include "processors/editing/reorder.h"

namespace patchbay {
namespace {

absl::StatusOr<double> Feature(const std::string& by, const Piece& piece,
                               const Progress& progress) {
  if (by == "peak") return PeakMagnitude(piece, progress);
  if (by == "zero_crossings") return ZeroCrossingsPerFrame(piece, progress);
  if (by == "centroid") return SpectralCentroid(piece, progress);
  if (by == "length") return static_cast<double>(piece.range.count);
  return MeanPower(piece, progress);
}

absl::StatusOr<std::vector<Clip>> Sort(std::vector<Clip> clips, const Progress& progress,
                                       const std::string& by, double grain_seconds, double overlap,
                                       bool descending) {
  const Order order = [&](std::span<const Piece> pieces,
                          const Progress& so_far) -> absl::StatusOr<std::vector<size_t>> {
    std::vector<double> keys;
    for (const Piece& piece : pieces) {
      PATCHBAY_ASSIGN_OR_RETURN(const double key,
                                Feature(by, piece, StepOf(so_far, keys.size(), pieces.size())));
      keys.push_back(descending ? -key : key);
    }
    std::vector<size_t> positions(pieces.size());
    std::iota(positions.begin(), positions.end(), size_t{0});
    std::ranges::stable_sort(positions, {}, [&](size_t position) { return keys[position]; });
    return positions;
  };
  return Reorder(std::move(clips), grain_seconds, overlap, order, progress);
}

const ClipRestriction kSort(
    &Sort,
    {
        .name = "sort",
        .summary = "Sorts the grains of each clip, or the clips themselves, by how they sound.",
        .doc =
            "Cuts each clip into overlapping grains and joins them again, crossfaded, in ascending "
            "order. With grain_seconds = 0 the clips are put in order whole, as pieces of chop: "
            "chop | sort(grain_seconds=0) | catenate. energy is the mean square of all samples; "
            "peak the largest magnitude; zero_crossings their rate, low for dark and high for "
            "bright or noisy sounds; centroid the mean frequency of the spectrum, weighted by "
            "magnitude; length that of the clip. Equal ones keep their order.",
        .category = "editing",
        .example = "sort(by=centroid)",
        .parameters =
            {
                {
                    .name = "by",
                    .type = ParameterType::kChoice,
                    .choices = {"energy", "peak", "zero_crossings", "centroid", "length"},
                    .doc = "What is compared.",
                },
                GrainSecondsSpec(0, "Length of a grain; 0: the clips are sorted whole."),
                GrainOverlapSpec(),
                {
                    .name = "descending",
                    .type = ParameterType::kBoolean,
                    .doc = "The largest first.",
                },
            },
    });

}  // namespace
}  // namespace patchbay
