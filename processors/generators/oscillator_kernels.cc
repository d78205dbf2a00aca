#include "processors/generators/oscillator_kernels.h"

#include "processors/generators/sine_polynomial.h"
#include "processors/generators/wave_tables.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/generators/oscillator_kernels.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"
#include "processors/core/fours-inl.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

void Sine(const uint32_t* HWY_RESTRICT phases, int num_frames, float* HWY_RESTRICT out) {
  for (int i = 0; i < num_frames; ++i) out[i] = SineOfPhase(phases[i]);
}

void Steps(const float* HWY_RESTRICT frequencies_hz, int num_frames, double sample_rate_hz,
           uint64_t* HWY_RESTRICT steps) {
  double halves[kMaxFrames];
  for (int i = 0; i < num_frames; ++i) {
    const double cycles = frequencies_hz[i] / sample_rate_hz;
    halves[i] = (cycles - static_cast<int32_t>(cycles)) * 0x1p63;
  }
  // Not every target can do this with vectors.
  for (int i = 0; i < num_frames; ++i) {
    steps[i] = static_cast<uint64_t>(static_cast<int64_t>(halves[i])) << 1;
  }
}

// Those frames that make up whole groups of eight; returns their number.
int InterpolateGroups(const WavePlaces& places, int num_frames, float* HWY_RESTRICT out) {
  int i = 0;
  for (; i + 8 <= num_frames; i += 8) {
    const float* const* const samples = places.samples + i;
    Eight p0, p1, p2, p3, t, sample;
    LoadEightFours([=](int k) { return samples[k]; }, p0, p1, p2, p3);
    Load(places.fractions + i, t);
    InterpolateWave(p0, p1, p2, p3, t, sample);
    Store(sample, out + i);
  }
  return i;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(Sine);
HWY_EXPORT(Steps);
HWY_EXPORT(InterpolateGroups);

void RenderSine(const uint32_t* phases, int num_frames, float* out) {
  HWY_DYNAMIC_DISPATCH(Sine)(phases, num_frames, out);
}

void PhaseSteps(const float* frequencies_hz, int num_frames, double sample_rate_hz,
                uint64_t* steps) {
  HWY_DYNAMIC_DISPATCH(Steps)(frequencies_hz, num_frames, sample_rate_hz, steps);
}

void InterpolateWaves(const WavePlaces& places, int num_frames, float* out) {
  int i = HWY_DYNAMIC_DISPATCH(InterpolateGroups)(places, num_frames, out);
  for (; i < num_frames; ++i) {
    const float* const p = places.samples[i];
    InterpolateWave(p[0], p[1], p[2], p[3], places.fractions[i], out[i]);
  }
}

}  // namespace patchbay
#endif  // HWY_ONCE
