#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "processors/core/clip_restriction.h"
#include "processors/editing/reorder.h"

namespace patchbay {
namespace {

absl::StatusOr<std::vector<Clip>> Shuffle(std::vector<Clip> clips, const Progress& progress,
                                          int seed, double grain_seconds, double overlap) {
  std::mt19937_64 random(seed);
  const Order order = [&random](std::span<const Piece> pieces,
                                const Progress&) -> absl::StatusOr<std::vector<size_t>> {
    std::vector<size_t> positions(pieces.size());
    std::iota(positions.begin(), positions.end(), size_t{0});
    // Not std::shuffle, which is another one in every library.
    for (size_t i = positions.size(); i > 1; --i) {
      std::swap(positions[i - 1], positions[random() % i]);
    }
    return positions;
  };
  return Reorder(std::move(clips), grain_seconds, overlap, order, progress);
}

const ClipRestriction kShuffle(
    &Shuffle,
    {
        .name = "shuffle",
        .summary = "Puts the grains of each clip, or the clips themselves, in a random order.",
        .doc = "Cuts each clip into overlapping grains and joins them again, crossfaded, in random "
               "order (Fisher and Yates, with the Mersenne Twister of 64 bits). With grain_seconds "
               "= 0 "
               "the clips are put in a random order whole.",
        .category = "editing",
        .example = "shuffle(seed=7)",
        .parameters =
            {
                {
                    .name = "seed",
                    .type = ParameterType::kInteger,
                    .maximum = 2147483647,
                    .default_value = 1,
                    .doc = "The same seed gives the same order.",
                },
                GrainSecondsSpec(0, "Length of a grain; 0: the clips are shuffled whole."),
                GrainOverlapSpec(),
            },
    });

}  // namespace
}  // namespace patchbay
