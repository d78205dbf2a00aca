#ifndef PROCESSORS_CONTROL_LFO_WAVE_H_
#define PROCESSORS_CONTROL_LFO_WAVE_H_

#include <cstdint>

namespace patchbay {

enum class LfoWave { kSine, kTriangle, kSaw, kRampDown, kSquare };

// Values from -1 to 1 of a wave at phases in units of 2^-32 of the cycle. Sine and triangle rise
// through 0 at phase 0, the saw rises from -1, ramp_down falls from 1, the square is 1 in the first
// `width` of the cycle and -1 in the rest.
void RenderLfoWave(LfoWave wave, float width, const uint32_t* phases, int num_values,
                   float* values);

// Replaces each value by center + factor * value.
void ScaleLfoWave(float factor, float center, int num_values, float* values);

}  // namespace patchbay

#endif  // PROCESSORS_CONTROL_LFO_WAVE_H_
