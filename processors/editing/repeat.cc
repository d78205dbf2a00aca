#include <string>
#include <vector>

#include "processors/core/clip_restriction.h"
#include "processors/editing/join.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Repeat(const Clip& clip, const Progress& progress, int count,
                            double gap_seconds, const std::string& curve) {
  const int rate = clip.sample_rate_hz();
  const Joint joint = {FramesIn(gap_seconds, rate), FadeCurveOf(curve)};
  const std::vector<Piece> pieces(count, Piece{&clip, {0, clip.num_frames()}});
  return Join(pieces, rate, clip.num_channels(), {.joints = std::span(&joint, 1)}, progress);
}

const ClipRestriction kRepeat(
    &Repeat, {
                 .name = "repeat",
                 .summary = "Plays a clip several times, with gaps or crossfades.",
                 .doc = "As catenate of so many copies.",
                 .category = "editing",
                 .example = "repeat(count=4, gap_seconds=0.5)",
                 .parameters =
                     {
                         {
                             .name = "count",
                             .type = ParameterType::kInteger,
                             .minimum = 1,
                             .maximum = 100000,
                             .default_value = 2,
                             .doc = "How many times it plays.",
                         },
                         {
                             .name = "gap_seconds",
                             .unit = Unit::kSeconds,
                             .minimum = -3600,
                             .maximum = 3600,
                             .default_value = 0,
                             .doc = "Silence in between; negative: the length of the crossfade.",
                         },
                         {
                             .name = "curve",
                             .type = ParameterType::kChoice,
                             .choices = {"linear", "constant_power"},
                             .doc = "Of crossfades, as in catenate.",
                         },
                     },
             });

}  // namespace
}  // namespace patchbay
