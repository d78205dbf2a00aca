#include "processors/generators/power_spectrum.h"

#include <fftw3.h>

namespace patchbay::testing {

std::vector<double> PowerSpectrum(std::span<const float> samples) {
  const int n = static_cast<int>(samples.size());
  std::vector<float> values(samples.begin(), samples.end());
  // Half-complex: real parts 0 to n/2, then imaginary parts backwards.
  const fftwf_plan plan =
      fftwf_plan_r2r_1d(n, values.data(), values.data(), FFTW_R2HC, FFTW_ESTIMATE);
  fftwf_execute(plan);
  fftwf_destroy_plan(plan);
  std::vector<double> power(n / 2 + 1);
  for (int k = 0; k <= n / 2; ++k) {
    const double real = values[k];
    const double imaginary = k > 0 && k < n - k ? values[n - k] : 0;
    power[k] = (real * real + imaginary * imaginary) * 4 / n / n;
  }
  return power;
}

}  // namespace patchbay::testing
