#ifndef PROCESSORS_GENERATORS_OSCILLATOR_KERNELS_H_
#define PROCESSORS_GENERATORS_OSCILLATOR_KERNELS_H_

#include <cstdint>

#include "processors/core/state.h"

namespace patchbay {

// Loops over at most kMaxFrames frames, with the best instructions that the processor has and the
// same bits with any.

// sin(2 pi phase / 2^32).
void RenderSine(const uint32_t* phases, int num_frames, float* out);

// How far each frame goes, as a fraction of 2^64; whole cycles are dropped.
void PhaseSteps(const float* frequencies_hz, int num_frames, double sample_rate_hz,
                uint64_t* steps);

// Where to read a wave table (WaveTable::Locate) at each frame.
struct WavePlaces {
  const float* samples[kMaxFrames];
  float fractions[kMaxFrames];
};

// InterpolateWave at each place.
void InterpolateWaves(const WavePlaces& places, int num_frames, float* out);

}  // namespace patchbay

#endif  // PROCESSORS_GENERATORS_OSCILLATOR_KERNELS_H_
