#include <array>

#include "processors/core/fast_math.h"
#include "processors/core/finite.h"
#include "processors/core/restriction.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/levels/gain.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// Vectorised by the compiler, for each target.
void DecibelsToRatios(const float* HWY_RESTRICT db, int count, float* HWY_RESTRICT ratios) {
  constexpr float kOctavesPerDecibel = 0.16609640474f;
  for (int i = 0; i < count; ++i) ratios[i] = FastExp2(kOctavesPerDecibel * db[i]);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {
namespace {

HWY_EXPORT(DecibelsToRatios);

// A constant gain is the same to the last bit as a control that does not move.
void Gain(Block block, Control gain_db) {
  if (gain_db.is_constant()) {
    const float db = gain_db.constant();
    float ratio;
    HWY_DYNAMIC_DISPATCH(DecibelsToRatios)(&db, 1, &ratio);
    for (int c = 0; c < block.num_channels(); ++c) {
      for (float& sample : block.channel(c)) sample = Finite(sample * ratio);
    }
    return;
  }
  std::array<float, kMaxFrames> ratios;
  HWY_DYNAMIC_DISPATCH(DecibelsToRatios)
  (gain_db.values().data(), block.num_frames(), ratios.data());
  for (int c = 0; c < block.num_channels(); ++c) {
    const std::span<float> samples = block.channel(c);
    for (int i = 0; i < block.num_frames(); ++i) samples[i] = Finite(samples[i] * ratios[i]);
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
#endif  // HWY_ONCE
