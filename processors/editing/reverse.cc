#include <algorithm>

#include "processors/core/clip_restriction.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"

namespace patchbay {
namespace {

absl::StatusOr<Clip> Reverse(Clip clip, const Progress& progress) {
  const int64_t n = clip.num_frames();
  const auto swap_with_end = [&](int64_t first, int count) {
    for (int c = 0; c < clip.num_channels(); ++c) {
      const auto samples = clip.channel(c);
      std::swap_ranges(samples.begin() + first, samples.begin() + first + count,
                       samples.rbegin() + first);
    }
  };
  PATCHBAY_RETURN_IF_ERROR(InStretches(n / 2, progress, swap_with_end));
  return clip;
}

const ClipRestriction kReverse(&Reverse, {
                                             .name = "reverse",
                                             .summary = "Plays a clip backwards.",
                                             .doc = "The last frame comes first.",
                                             .category = "editing",
                                             .example = "reverse",
                                         });

}  // namespace
}  // namespace patchbay
