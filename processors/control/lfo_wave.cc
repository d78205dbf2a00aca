#include "processors/control/lfo_wave.h"

#include "processors/generators/sine_polynomial.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/control/lfo_wave.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// -1 at phase 0, rising to 1.
HWY_INLINE float Rising(uint32_t phase) {
  return static_cast<float>(static_cast<int32_t>(phase ^ 0x80000000u)) * 0x1p-31f;
}

// 0 at phase 0, 1 at a quarter of the cycle.
HWY_INLINE float TriangleOf(uint32_t phase) {
  const int32_t shifted = static_cast<int32_t>(phase + 0x40000000u);
  return static_cast<float>((shifted ^ (shifted >> 31)) - 0x40000000) * 0x1p-30f;
}

HWY_INLINE float SquareOf(uint32_t phase, float width) {
  return static_cast<float>(static_cast<int32_t>(phase >> 8)) * 0x1p-24f < width ? 1.0f : -1.0f;
}

// Each case is vectorised by the compiler, for each target.
void Render(LfoWave wave, float width, const uint32_t* HWY_RESTRICT phases, int num_values,
            float* HWY_RESTRICT values) {
  switch (wave) {
    case LfoWave::kSine:
      for (int i = 0; i < num_values; ++i) values[i] = SineOfPhase(phases[i]);
      return;
    case LfoWave::kTriangle:
      for (int i = 0; i < num_values; ++i) values[i] = TriangleOf(phases[i]);
      return;
    case LfoWave::kSaw:
      for (int i = 0; i < num_values; ++i) values[i] = Rising(phases[i]);
      return;
    case LfoWave::kRampDown:
      for (int i = 0; i < num_values; ++i) values[i] = -Rising(phases[i]);
      return;
    case LfoWave::kSquare:
      for (int i = 0; i < num_values; ++i) values[i] = SquareOf(phases[i], width);
      return;
  }
}

void Scale(float factor, float center, int num_values, float* HWY_RESTRICT values) {
  for (int i = 0; i < num_values; ++i) values[i] = center + factor * values[i];
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(Render);
HWY_EXPORT(Scale);

void RenderLfoWave(LfoWave wave, float width, const uint32_t* phases, int num_values,
                   float* values) {
  HWY_DYNAMIC_DISPATCH(Render)(wave, width, phases, num_values, values);
}

void ScaleLfoWave(float factor, float center, int num_values, float* values) {
  HWY_DYNAMIC_DISPATCH(Scale)(factor, center, num_values, values);
}

}  // namespace patchbay
#endif  // HWY_ONCE
