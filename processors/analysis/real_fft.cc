#include "processors/analysis/real_fft.h"

#include <fftw3.h>

#include <cassert>
#include <map>
#include <memory>
#include <mutex>

namespace patchbay {
namespace {

fftwf_complex* Complex(float* interleaved) { return reinterpret_cast<fftwf_complex*>(interleaved); }

}  // namespace

const RealFft& RealFft::OfSize(int size) {
  static std::mutex mutex;
  static auto& transforms = *new std::map<int, std::unique_ptr<const RealFft>>;
  const std::lock_guard lock(mutex);
  std::unique_ptr<const RealFft>& transform = transforms[size];
  if (transform == nullptr) {
    fftwf_make_planner_thread_safe();  // others in this process may be planning too
    transform.reset(new RealFft(size));
  }
  return *transform;
}

RealFft::RealFft(int size) : size_(size) {
  assert(size > 0 && size % 2 == 0);
  AlignedFloats frames(size), spectrum(size + 2);
  forward_ = fftwf_plan_dft_r2c_1d(size, frames.data(), Complex(spectrum.data()),
                                   FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  inverse_ = fftwf_plan_dft_c2r_1d(size, Complex(spectrum.data()), frames.data(),
                                   FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
}

void RealFft::Forward(const float* frames, float* spectrum) const {
  // The plan preserves its input.
  fftwf_execute_dft_r2c(forward_, const_cast<float*>(frames), Complex(spectrum));
}

void RealFft::Inverse(float* spectrum, float* frames) const {
  fftwf_execute_dft_c2r(inverse_, Complex(spectrum), frames);
}

}  // namespace patchbay
