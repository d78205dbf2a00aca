#ifndef PROCESSORS_ANALYSIS_REAL_FFT_H_
#define PROCESSORS_ANALYSIS_REAL_FFT_H_

#include "processors/time/aligned_floats.h"

struct fftwf_plan_s;

namespace patchbay {

// The discrete Fourier transform of real frames. Spectra are bins 0 to size / 2, interleaved
// complex numbers: size + 2 floats. All memory is aligned as AlignedFloats.
//
// Plans are FFTW's estimates, never measured, so that every process computes the same bits.
class RealFft {
 public:
  // The one for `size` frames, made once a process and never freed: few sizes are used. An even
  // number. Thread-safe.
  static const RealFft& OfSize(int size);

  RealFft(const RealFft&) = delete;
  RealFft& operator=(const RealFft&) = delete;

  int size() const { return size_; }
  int num_bins() const { return size_ / 2 + 1; }

  // spectrum[k] = sum over n of frames[n] e^(-2 pi i k n / size). Keeps `frames`.
  void Forward(const float* frames, float* spectrum) const;

  // frames = `size` times the frames with this spectrum. Destroys `spectrum`.
  void Inverse(float* spectrum, float* frames) const;

 private:
  explicit RealFft(int size);

  const int size_;
  fftwf_plan_s* forward_;
  fftwf_plan_s* inverse_;
};

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_REAL_FFT_H_
