#include <algorithm>
#include <string>
#include <vector>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/editing/grains.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Stripe(const std::vector<Clip>& clips, const Progress& progress,
                            double grain_seconds, double overlap, const std::string& curve) {
  PATCHBAY_ASSIGN_OR_RETURN(const int num_channels, CommonChannels(clips));
  const int rate = clips[0].sample_rate_hz();
  const GrainShape shape(grain_seconds, overlap, rate);
  std::vector<std::vector<Piece>> grains;
  for (const Clip& clip : clips) grains.push_back(Grains(clip, shape));
  const size_t rounds =
      std::ranges::min(grains, {}, [](const auto& of_one) { return of_one.size(); }).size();
  std::vector<Piece> striped;
  for (size_t i = 0; i < rounds; ++i) {
    for (const std::vector<Piece>& of_one : grains) striped.push_back(of_one[i]);
  }
  return JoinGrains(striped, shape, FadeCurveOf(curve), rate, num_channels, progress);
}

const ClipRestriction kStripe(
    &Stripe,
    {
        .name = "stripe",
        .summary = "Interleaves grains of several clips: A, B, C, A, B, C.",
        .doc =
            "Every clip is cut into overlapping grains; the first grains of all clips are followed "
            "by the second ones, and so on, crossfaded. It ends with the clip that has the fewest "
            "grains, so that each clip is heard equally often. Clips have equal numbers of "
            "channels, or one: a mono clip plays in every channel.",
        .category = "editing",
        .example = "stripe(grain_seconds=0.2)",
        .parameters =
            {
                GrainSecondsSpec(0.001, "Length of a grain."),
                GrainOverlapSpec(),
                {
                    .name = "curve",
                    .type = ParameterType::kChoice,
                    .choices = {"constant_power", "linear"},
                    .doc = "Of crossfades: constant_power for unrelated clips, linear for related "
                           "ones, such as variations of one recording.",
                },
            },
    });

}  // namespace
}  // namespace patchbay
