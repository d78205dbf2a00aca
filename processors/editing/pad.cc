#include <algorithm>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"
#include "processors/editing/collection.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Pad(const Clip& clip, const Progress& progress, double before_seconds,
                         double after_seconds, double to_seconds) {
  const int rate = clip.sample_rate_hz();
  const int64_t before = FramesIn(before_seconds, rate);
  const int64_t total = std::max(before + clip.num_frames() + FramesIn(after_seconds, rate),
                                 FramesIn(to_seconds, rate));
  PATCHBAY_ASSIGN_OR_RETURN(Clip padded, NewClip(rate, clip.num_channels(), total));
  PATCHBAY_RETURN_IF_ERROR(InStretches(clip.num_frames(), progress, [&](int64_t first, int count) {
    Copy(clip.Frames(first, count), padded.Frames(before + first, count));
  }));
  return padded;
}

const ClipRestriction kPad(
    &Pad,
    {
        .name = "pad",
        .summary = "Adds silence before and after a clip.",
        .doc = "First before_seconds and after_seconds, then, after the clip, what is missing "
               "to to_seconds. Longer clips are not cut.",
        .category = "editing",
        .example = "pad(after_seconds=1)",
        .parameters =
            {
                {
                    .name = "before_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 86400,
                    .default_value = 0,
                    .doc = "Silence before the clip.",
                },
                {
                    .name = "after_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 86400,
                    .default_value = 0,
                    .doc = "Silence after it.",
                },
                {
                    .name = "to_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 86400,
                    .default_value = 0,
                    .doc = "The least length of the result.",
                },
            },
    });

}  // namespace
}  // namespace patchbay
