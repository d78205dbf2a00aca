#ifndef PROCESSORS_RESAMPLING_TONE_H_
#define PROCESSORS_RESAMPLING_TONE_H_

#include <span>

namespace patchbay::testing {

struct Tone {
  double frequency_hz;
  double amplitude;
};

// The strongest sine in `samples` near expected_hz (within 6 %), by Hann-windowed correlation.
Tone FindTone(std::span<const float> samples, int sample_rate_hz, double expected_hz);

}  // namespace patchbay::testing

#endif  // PROCESSORS_RESAMPLING_TONE_H_
