#include <algorithm>

#include "processors/core/clip_restriction.h"
#include "processors/core/finite.h"
#include "processors/editing/collection.h"

namespace patchbay {
namespace {

Clip Precis(const Clip& clip, double length_seconds) {
  const int64_t length = std::clamp<int64_t>(FramesIn(length_seconds, clip.sample_rate_hz()), 1,
                                             std::max<int64_t>(1, clip.num_frames()));
  Clip sum = Cut(clip, {0, std::min(length, clip.num_frames())});
  for (int c = 0; c < clip.num_channels(); ++c) {
    float* const to = sum.channel(c).data();
    for (int64_t first = length; first < clip.num_frames(); first += length) {
      const float* const from = clip.channel(c).data() + first;
      const int64_t count = std::min(length, clip.num_frames() - first);
      for (int64_t i = 0; i < count; ++i) to[i] = Finite(to[i] + from[i]);
    }
  }
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
