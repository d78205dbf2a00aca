#include <algorithm>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/stretches.h"
#include "processors/editing/collection.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Precis(const Clip& clip, const Progress& progress, double length_seconds) {
  const int64_t length = std::clamp<int64_t>(FramesIn(length_seconds, clip.sample_rate_hz()), 1,
                                             std::max<int64_t>(1, clip.num_frames()));
  Clip sum(clip.sample_rate_hz(), clip.num_channels(), std::min(length, clip.num_frames()));
  const auto add = [&](int64_t first, int num_frames) {
    for (const int64_t end = first + num_frames; first < end;) {
      const int64_t at = first % length;
      const int64_t count = std::min(length - at, end - first);
      for (int c = 0; c < clip.num_channels(); ++c) {
        const float* const from = clip.channel(c).data() + first;
        float* const to = sum.channel(c).data() + at;
        for (int64_t i = 0; i < count; ++i) to[i] = Finite(to[i] + from[i]);
      }
      first += count;
    }
  };
  PATCHBAY_RETURN_IF_ERROR(InStretches(clip.num_frames(), progress, add));
  return sum;
}

const ClipRestriction kPrecis(
    &Precis,
    {
        .name = "precis",
        .summary = "Hears a whole clip at once: the sum of all its blocks.",
        .doc = "Cuts the clip every length_seconds and adds up all blocks, so that an hour "
               "can be heard in a second. The sum grows loud: normalize it.",
        .category = "editing",
        .example = "precis(length_seconds=2)",
        .parameters = {{
            .name = "length_seconds",
            .unit = Unit::kSeconds,
            .minimum = 0.001,
            .maximum = 86400,
            .default_value = 1,
            .doc = "Length of a block, and of the result.",
        }},
    });

}  // namespace
}  // namespace patchbay
