#include <algorithm>

#include "processors/core/clip_restriction.h"
#include "processors/core/decibels.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"
#include "processors/editing/loud_ranges.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Trim(const Clip& clip, const Progress& progress, double threshold_db,
                          double keep_seconds) {
  // No silence is long enough to split the clip.
  PATCHBAY_ASSIGN_OR_RETURN(const std::vector<Range> loud,
                            LoudRanges(clip, DecibelsToRatio(threshold_db), clip.num_frames() + 1,
                                       StepOf(progress, 0, 2)));
  if (loud.empty()) return Cut(clip, {0, 0}, progress);
  const int64_t keep = FramesIn(keep_seconds, clip.sample_rate_hz());
  const int64_t first = std::max<int64_t>(0, loud[0].first - keep);
  const int64_t end = std::min(clip.num_frames(), loud[0].first + loud[0].count + keep);
  return Cut(clip, {first, end - first}, StepOf(progress, 1, 2));
}

const ClipRestriction kTrim(
    &Trim, {
               .name = "trim",
               .summary = "Cuts silence off the start and the end.",
               .doc = "What remains begins and ends with a sample above the threshold, plus "
                      "keep_seconds of what was there before and after. Of a clip that is silent "
                      "throughout, nothing remains.",
               .category = "editing",
               .example = "trim(threshold_db=-60, keep_seconds=0.05)",
               .parameters =
                   {
                       {
                           .name = "threshold_db",
                           .unit = Unit::kDecibels,
                           .minimum = -200,
                           .maximum = 60,
                           .default_value = -60,
                           .doc = "Samples up to this level are silence, in every channel.",
                       },
                       {
                           .name = "keep_seconds",
                           .unit = Unit::kSeconds,
                           .maximum = 60,
                           .default_value = 0,
                           .doc = "How much of the silence is left at either end.",
                       },
                   },
           });

}  // namespace
}  // namespace patchbay
