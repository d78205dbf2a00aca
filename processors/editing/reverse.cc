#include <algorithm>

#include "processors/core/clip_restriction.h"

namespace patchbay {
namespace {

Clip Reverse(Clip clip) {
  for (int c = 0; c < clip.num_channels(); ++c) std::ranges::reverse(clip.channel(c));
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
