#include "processors/time/block_transform.h"

#include <fftw3.h>

#include <cassert>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <numbers>

#include "processors/time/convolution_kernels.h"

namespace patchbay {
namespace {

fftwf_complex* Complex(float* interleaved) { return reinterpret_cast<fftwf_complex*>(interleaved); }

}  // namespace

const BlockTransform& BlockTransform::OfSize(int size) {
  static std::mutex mutex;
  static auto& transforms = *new std::map<int, std::unique_ptr<const BlockTransform>>;
  const std::lock_guard lock(mutex);
  std::unique_ptr<const BlockTransform>& transform = transforms[size];
  if (transform == nullptr) {
    fftwf_make_planner_thread_safe();  // others in this process may be planning too
    transform.reset(new BlockTransform(size));
  }
  return *transform;
}

BlockTransform::BlockTransform(int size) : size_(size), cosines_(size), sines_(size) {
  assert(size >= kBandBins && (size & (size - 1)) == 0);
  for (int n = 0; n < size; ++n) {
    const double angle = std::numbers::pi * n / (2.0 * size);
    cosines_[n] = static_cast<float>(std::cos(angle));
    sines_[n] = static_cast<float>(std::sin(angle));
  }
  AlignedFloats from(2 * size), to(2 * size);
  forward_ = fftwf_plan_dft_1d(size, Complex(from.data()), Complex(to.data()), FFTW_FORWARD,
                               FFTW_ESTIMATE);
  inverse_ = fftwf_plan_dft_1d(size, Complex(from.data()), Complex(to.data()), FFTW_BACKWARD,
                               FFTW_ESTIMATE);
}

void BlockTransform::Forward(const float* first, const float* second, float* scratch,
                             float* spectrum) const {
  Twist(first, second, cosines_.data(), sines_.data(), size_, scratch);
  fftwf_execute_dft(forward_, Complex(scratch), Complex(spectrum));
}

void BlockTransform::InverseSecond(float* spectrum, float* scratch, float* second) const {
  fftwf_execute_dft(inverse_, Complex(spectrum), Complex(scratch));
  Untwist(scratch, cosines_.data(), sines_.data(), size_, second);
}

}  // namespace patchbay
