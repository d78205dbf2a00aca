#ifndef TESTS_TESTING_SIGNALS_H_
#define TESTS_TESTING_SIGNALS_H_

#include <cstdint>

#include "processors/core/clip.h"

namespace patchbay::testing {

// Test signals, channels x frames at sample_rate_hz. Channels differ where that can show a mistake.
struct Shape {
  int sample_rate_hz = 48000;
  int num_channels = 2;
  int64_t num_frames = 4800;
};

// White noise, uniform in [-amplitude, amplitude]; the same for the same seed.
Clip Noise(const Shape& shape, uint64_t seed = 1, float amplitude = 0.5f);

// A sine, equal in all channels, starting at phase 0.
Clip Sine(const Shape& shape, double frequency_hz, double amplitude = 0.5);

// Zeros with `value` at one frame of every channel.
Clip Impulse(const Shape& shape, int64_t at_frame = 0, float value = 1.0f);

// Every sample is `value`.
Clip Constant(const Shape& shape, float value);

// Zeros, then `value` from `at_frame` on.
Clip Step(const Shape& shape, int64_t at_frame, float value = 1.0f);

}  // namespace patchbay::testing

#endif  // TESTS_TESTING_SIGNALS_H_
