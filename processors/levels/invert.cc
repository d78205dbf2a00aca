#include "processors/core/restriction.h"

namespace patchbay {
namespace {

void Invert(Block block) {
  for (int c = 0; c < block.num_channels(); ++c) {
    for (float& sample : block.channel(c)) sample = -sample;
  }
}

const Restriction kInvert(&Invert, {
                                       .name = "invert",
                                       .summary = "Turns the waveform upside down.",
                                       .doc = "Multiplies every sample by -1 (polarity inversion).",
                                       .category = "levels",
                                       .example = "invert()",
                                   });

}  // namespace
}  // namespace patchbay
