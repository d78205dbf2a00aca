#ifndef PROCESSORS_GENERATORS_PINK_FILTER_H_
#define PROCESSORS_GENERATORS_PINK_FILTER_H_

#include <array>
#include <span>

namespace patchbay {

// Turns white noise into pink: the power falls by 3 dB per octave, within 0.1 dB from 20 Hz (at
// least 3e-4 of the sample rate) to 0.46 of the sample rate. Below 3 Hz the spectrum is flat.
//
// Real poles and zeros alternate at equal distances on a logarithmic frequency axis, which makes a
// slope of half a pole (Corsini & Saletti, "A 1/f^gamma power spectrum noise sequence generator",
// IEEE Trans. Instrum. Meas. 37(4), 1988); one zero more straightens the slope near half the sample
// rate. The poles run side by side, as partial fractions:
//
//   H(z) = gain (1 + c z^-1) (direct + sum_k residue_k / (1 - pole_k z^-1))
class PinkFilter {
 public:
  static constexpr int kNumPoles = 12;

  struct Memory {
    std::array<float, kNumPoles> poles = {};
    float previous = 0;  // input
  };

  // White noise of variance 1/3 (uniform in [-1, 1]) comes out with an RMS of 0.2.
  explicit PinkFilter(double sample_rate_hz);

  void Process(std::span<float> block, Memory& memory) const;

 private:
  std::array<float, kNumPoles> poles_ = {};
  std::array<float, kNumPoles> residues_ = {};
  float direct_;
};

}  // namespace patchbay

#endif  // PROCESSORS_GENERATORS_PINK_FILTER_H_
