#ifndef PROCESSORS_TIME_BLOCK_TRANSFORM_H_
#define PROCESSORS_TIME_BLOCK_TRANSFORM_H_

#include "processors/time/aligned_floats.h"

struct fftwf_plan_s;

namespace patchbay {

// The spectrum in which one block of a stream is convolved with one block of a response.
//
// Two real blocks of N frames, x[0..N) and x[N..2N), are the complex polynomial
// c[n] = x[n] + i x[n + N] modulo z^N - i, in which products are convolutions of length 2N that
// wrap with a changed sign (right-angle circular convolution: Nussbaumer, "Fast Fourier Transform
// and Convolution Algorithms", 1981). Multiplying by e^(i pi n / 2N) makes it an ordinary complex
// FFT of size N: half of what zero-padded real blocks need, with no special bins. In overlap-save
// only the second half of the 2N outputs is free of wrapping, which is the imaginary part.
//
// Plans are FFTW's estimates, never measured: measured plans differ from one process to the next
// and with them the last bits, but a saved session goes on with the same bits elsewhere.
class BlockTransform {
 public:
  // The one for blocks of `size` frames, made once a process and never freed: few sizes are used.
  // A power of two, at least 16. Thread-safe.
  static const BlockTransform& OfSize(int size);

  BlockTransform(const BlockTransform&) = delete;
  BlockTransform& operator=(const BlockTransform&) = delete;

  int size() const { return size_; }

  // spectrum = the transform of [first, second]. `scratch` and `spectrum` hold `size` complex
  // numbers, aligned as AlignedFloats.
  void Forward(const float* first, const float* second, float* scratch, float* spectrum) const;

  // second = `size` times the second of the two blocks with this spectrum. `scratch` as above.
  void InverseSecond(float* spectrum, float* scratch, float* second) const;

 private:
  explicit BlockTransform(int size);

  const int size_;
  AlignedFloats cosines_, sines_;
  fftwf_plan_s* forward_;
  fftwf_plan_s* inverse_;
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_BLOCK_TRANSFORM_H_
