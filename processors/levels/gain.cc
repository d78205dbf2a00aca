#include <array>
#include <span>

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
void ApplyConstant(std::span<float> samples, float ratio) {
  for (float& sample : samples) sample = Finite(sample * ratio);
}

void Apply(std::span<float> samples, const float* HWY_RESTRICT ratios) {
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = Finite(samples[i] * ratios[i]);
}

void DecibelsToRatios(const float* HWY_RESTRICT db, int count, float* HWY_RESTRICT ratios) {
  constexpr float kOctavesPerDecibel = 0.16609640474f;
  for (int i = 0; i < count; ++i) ratios[i] = FastExp2(kOctavesPerDecibel * db[i]);
}

// A constant gain is the same to the last bit as a control that does not move.
void Gain(Block block, Control gain_db) {
  if (gain_db.is_constant()) {
    const float db = gain_db.constant();
    float ratio;
    DecibelsToRatios(&db, 1, &ratio);
    for (int c = 0; c < block.num_channels(); ++c) ApplyConstant(block.channel(c), ratio);
    return;
  }
  std::array<float, kMaxFrames> ratios;
  DecibelsToRatios(gain_db.values().data(), block.num_frames(), ratios.data());
  for (int c = 0; c < block.num_channels(); ++c) Apply(block.channel(c), ratios.data());
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {
namespace {

HWY_EXPORT(Gain);

void Gain(Block block, Control gain_db) { HWY_DYNAMIC_DISPATCH(Gain)(block, gain_db); }

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
