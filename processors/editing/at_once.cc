#include <algorithm>
#include <cmath>
#include <vector>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/stretches.h"
#include "processors/editing/collection.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> AtOnce(const std::vector<Clip>& clips, const Progress& progress,
                            double align) {
  PATCHBAY_ASSIGN_OR_RETURN(const int num_channels, CommonChannels(clips));
  int64_t longest = 0;
  for (const Clip& clip : clips) longest = std::max(longest, clip.num_frames());
  PATCHBAY_ASSIGN_OR_RETURN(Clip sum, NewClip(clips[0].sample_rate_hz(), num_channels, longest));
  for (size_t i = 0; i < clips.size(); ++i) {
    const Clip& clip = clips[i];
    const int64_t start = std::llround(align * static_cast<double>(longest - clip.num_frames()));
    const auto add = [&](int64_t first, int count) {
      for (int c = 0; c < num_channels; ++c) {
        const float* from = clip.channel(SourceChannel(clip.num_channels(), c)).data() + first;
        float* to = sum.channel(c).data() + start + first;
        for (int k = 0; k < count; ++k) to[k] = Finite(to[k] + from[k]);
      }
    };
    PATCHBAY_RETURN_IF_ERROR(
        InStretches(clip.num_frames(), StepOf(progress, i, clips.size()), add));
  }
  return sum;
}

const ClipRestriction kAtOnce(
    &AtOnce,
    {
        .name = "at_once",
        .summary = "Plays clips at the same time, aligned at start, centre or end.",
        .doc =
            "The sum of all clips, as long as the longest. A clip begins at align * (longest - "
            "its length). Clips have equal numbers of channels, or one: a mono clip plays in every "
            "channel.",
        .category = "editing",
        .example = "at_once(align=0.5)",
        .parameters = {{
            .name = "align",
            .default_value = 0,
            .doc = "0: the starts coincide, 0.5: the centres, 1: the ends.",
        }},
    });

}  // namespace
}  // namespace patchbay
