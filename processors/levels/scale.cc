#include <algorithm>
#include <array>

#include "processors/core/finite.h"
#include "processors/core/restriction.h"

namespace patchbay {
namespace {

using Values = std::array<float, kMaxFrames>;

void Spread(Control control, int num_frames, Values& values) {
  if (control.is_constant()) {
    std::fill_n(values.begin(), num_frames, control.constant());
  } else {
    std::ranges::copy(control.values(), values.begin());
  }
}

void Scale(Block block, Control mult, Control offset) {
  if (mult.is_constant() && offset.is_constant()) {
    const float m = mult.constant();
    const float o = offset.constant();
    for (int c = 0; c < block.num_channels(); ++c) {
      for (float& sample : block.channel(c)) sample = Finite(sample * m + o);
    }
    return;
  }
  Values m, o;
  Spread(mult, block.num_frames(), m);
  Spread(offset, block.num_frames(), o);
  for (int c = 0; c < block.num_channels(); ++c) {
    const std::span<float> samples = block.channel(c);
    for (int i = 0; i < block.num_frames(); ++i) samples[i] = Finite(samples[i] * m[i] + o[i]);
  }
}

const Restriction kScale(
    &Scale,
    {
        .name = "scale",
        .summary = "Multiplies every sample, then adds a constant.",
        .doc = "out = in * mult + offset. For audio and for control signals; gain does the same in "
               "decibels.",
        .category = "levels",
        .example = "scale(mult=0.5, offset=0.1)",
        .parameters = {{
                           .name = "mult",
                           .minimum = -1000,
                           .maximum = 1000,
                           .default_value = 1,
                           .rate = Rate::kAudio,
                           .smoothing_seconds = 0.01,
                           .doc = "Factor; negative values also invert.",
                       },
                       {
                           .name = "offset",
                           .minimum = -1000,
                           .maximum = 1000,
                           .default_value = 0,
                           .rate = Rate::kAudio,
                           .smoothing_seconds = 0.01,
                           .doc = "Added after the multiplication; full scale is 1.",
                       }},
    });

}  // namespace
}  // namespace patchbay
