#include <algorithm>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"
#include "processors/editing/collection.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Slice(const Clip& clip, const Progress& progress, double start_seconds,
                           double end_seconds, double duration_seconds) {
  const int rate = clip.sample_rate_hz();
  const int64_t n = clip.num_frames();
  const int64_t start_frames = FramesIn(start_seconds, rate);
  const int64_t start =
      std::clamp<int64_t>(start_frames < 0 ? n + start_frames : start_frames, 0, n);
  const int64_t end_frames = FramesIn(end_seconds, rate);
  int64_t end = end_frames <= 0 ? n + end_frames : end_frames;
  if (duration_seconds > 0) end = start + FramesIn(duration_seconds, rate);
  return Cut(clip, {start, std::max<int64_t>(0, std::min(end, n) - start)}, progress);
}

const ClipRestriction kSlice(
    &Slice,
    {
        .name = "slice",
        .summary = "Takes a part of a clip.",
        .doc = "From start_seconds up to, but without, end_seconds, or for duration_seconds. "
               "Negative times count from the end of the clip. What lies outside of the clip "
               "is left out: the result is shorter, or empty.",
        .category = "editing",
        .example = "slice(start_seconds=0.5, end_seconds=-0.5)",
        .parameters =
            {
                {
                    .name = "start_seconds",
                    .unit = Unit::kSeconds,
                    .minimum = -1e6,
                    .maximum = 1e6,
                    .default_value = 0,
                    .doc = "Where the part begins; negative: so long before the end.",
                },
                {
                    .name = "end_seconds",
                    .unit = Unit::kSeconds,
                    .minimum = -1e6,
                    .maximum = 1e6,
                    .default_value = 0,
                    .doc = "Where it ends; 0: at the end; negative: so long before it.",
                },
                {
                    .name = "duration_seconds",
                    .unit = Unit::kSeconds,
                    .maximum = 1e6,
                    .default_value = 0,
                    .doc = "How long it is, whatever end_seconds says; 0: up to that.",
                },
            },
    });

}  // namespace
}  // namespace patchbay
