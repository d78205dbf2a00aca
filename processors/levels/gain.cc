#include "processors/core/decibels.h"
#include "processors/core/restriction.h"

namespace patchbay {
namespace {

void Gain(Block block, Control gain_db) {
  if (gain_db.is_constant()) {
    const float ratio = static_cast<float>(DecibelsToRatio(gain_db.constant()));
    for (int c = 0; c < block.num_channels(); ++c) {
      for (float& sample : block.channel(c)) sample *= ratio;
    }
    return;
  }
  for (int i = 0; i < block.num_frames(); ++i) {
    const float ratio = static_cast<float>(DecibelsToRatio(gain_db[i]));
    for (int c = 0; c < block.num_channels(); ++c) block.channel(c)[i] *= ratio;
  }
}

const Restriction kGain(&Gain, {
    .name = "gain",
    .summary = "Makes audio louder or softer.",
    .doc = "Multiplies every sample by 10^(gain_db / 20).",
    .category = "levels",
    .example = "gain(gain_db=-6)",
    .parameters = {{
        .name = "gain_db",
        .unit = Unit::kDecibels,
        .minimum = -120,
        .maximum = 60,
        .default_value = 0,
        .rate = Rate::kAudio,
        .smoothing_seconds = 0.01,
        .doc = "Gain; -6 dB is about half the amplitude.",
    }},
});

}  // namespace
}  // namespace patchbay
