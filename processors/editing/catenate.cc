#include <string>
#include <vector>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/editing/join.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Catenate(const std::vector<Clip>& clips, const Progress& progress,
                              double gap_seconds, const std::string& curve,
                              const std::vector<double>& gaps_seconds, double before_seconds,
                              double after_seconds) {
  PATCHBAY_ASSIGN_OR_RETURN(const int num_channels, CommonChannels(clips));
  const int rate = clips[0].sample_rate_hz();
  std::vector<Joint> joints;
  for (const double gap : gaps_seconds.empty() ? std::vector{gap_seconds} : gaps_seconds) {
    joints.push_back({FramesIn(gap, rate), FadeCurveOf(curve)});
  }
  std::vector<Piece> pieces;
  for (const Clip& clip : clips) pieces.push_back({&clip, {0, clip.num_frames()}});
  return Join(pieces, rate, num_channels,
              {.joints = joints,
               .before_frames = FramesIn(before_seconds, rate),
               .after_frames = FramesIn(after_seconds, rate)},
              progress);
}

const ClipRestriction kCatenate(
    &Catenate,
    {
        .name = "catenate",
        .summary = "Puts clips one after the other, with gaps or crossfades.",
        .doc =
            "A positive gap is silence between two clips; a negative one crossfades them over that "
            "time, but no longer than the shorter of the two. Clips have equal numbers of "
            "channels, "
            "or one: a mono clip plays in every channel.",
        .category = "editing",
        .example = "catenate(gap_seconds=-0.01)",
        .parameters =
            {
                {
                    .name = "gap_seconds",
                    .unit = Unit::kSeconds,
                    .minimum = -3600,
                    .maximum = 3600,
                    .default_value = 0,
                    .doc = "Silence between clips; negative: the length of the crossfade.",
                },
                {
                    .name = "curve",
                    .type = ParameterType::kChoice,
                    .choices = {"linear", "constant_power"},
                    .doc = "Of crossfades: linear for related sounds, whose amplitudes add up, "
                           "constant_power for unrelated ones, whose powers do.",
                },
                {
                    .name = "gaps_seconds",
                    .type = ParameterType::kNumberList,
                    .unit = Unit::kSeconds,
                    .minimum = -3600,
                    .maximum = 3600,
                    .doc = "A gap for each join, beginning again when there are more joins; empty: "
                           "gap_seconds for all.",
                },
                {
                    .name = "before_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 3600,
                    .default_value = 0,
                    .doc = "Silence before the first clip.",
                },
                {
                    .name = "after_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 3600,
                    .default_value = 0,
                    .doc = "Silence after the last clip.",
                },
            },
    });

}  // namespace
}  // namespace patchbay
