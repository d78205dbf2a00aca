#include "processors/time/convolution_kernels.h"

#include <cstddef>

// Vectors in arrays need a size known to the compiler.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/time/convolution_kernels.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// At most half a band, so that a band is always two or more whole vectors.
using Floats = hn::CappedTag<float, kBandBins / 2>;
using Vector = hn::Vec<Floats>;
constexpr Floats kFloats;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(kFloats));

// kVectors outputs at a time hide the latency of the sums.
template <int kVectors>
void FirTile(const float* HWY_RESTRICT taps, int num_taps, const float* HWY_RESTRICT x,
             float* HWY_RESTRICT y) {
  Vector sums[kVectors];
  for (int v = 0; v < kVectors; ++v) sums[v] = hn::LoadU(kFloats, y + v * kLanes);
  for (int k = 0; k < num_taps; ++k) {
    const Vector tap = hn::Set(kFloats, taps[k]);
    for (int v = 0; v < kVectors; ++v) {
      sums[v] = hn::MulAdd(tap, hn::LoadU(kFloats, x + v * kLanes - k), sums[v]);
    }
  }
  for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[v], kFloats, y + v * kLanes);
}

void AddFir(const float* taps, int num_taps, const float* x, int num_frames, float* y) {
  int n = 0;
  for (; n + 6 * kLanes < num_frames; n += 8 * kLanes) FirTile<8>(taps, num_taps, x + n, y + n);
  for (; n < num_frames; n += 2 * kLanes) FirTile<2>(taps, num_taps, x + n, y + n);
}

void Twist(const float* HWY_RESTRICT real, const float* HWY_RESTRICT imaginary,
           const float* HWY_RESTRICT cosines, const float* HWY_RESTRICT sines, int size,
           float* HWY_RESTRICT spectrum) {
  for (int n = 0; n < size; n += kLanes) {
    const Vector re = hn::LoadU(kFloats, real + n);
    const Vector im = hn::LoadU(kFloats, imaginary + n);
    const Vector c = hn::LoadU(kFloats, cosines + n);
    const Vector s = hn::LoadU(kFloats, sines + n);
    hn::StoreInterleaved2(hn::MulSub(re, c, hn::Mul(im, s)), hn::MulAdd(re, s, hn::Mul(im, c)),
                          kFloats, spectrum + 2 * n);
  }
}

void Untwist(const float* HWY_RESTRICT spectrum, const float* HWY_RESTRICT cosines,
             const float* HWY_RESTRICT sines, int size, float* HWY_RESTRICT y) {
  for (int n = 0; n < size; n += kLanes) {
    Vector re, im;
    hn::LoadInterleaved2(kFloats, spectrum + 2 * n, re, im);
    const Vector c = hn::LoadU(kFloats, cosines + n);
    const Vector s = hn::LoadU(kFloats, sines + n);
    hn::StoreU(hn::MulSub(im, c, hn::Mul(re, s)), kFloats, y + n);
  }
}

void StorePartition(const float* HWY_RESTRICT spectrum, int num_bands, int num_partitions,
                    int partition, float* HWY_RESTRICT bands) {
  for (int band = 0; band < num_bands; ++band) {
    const float* from = spectrum + band * kBandFloats;
    float* to = bands + (static_cast<ptrdiff_t>(band) * num_partitions + partition) * kBandFloats;
    for (int n = 0; n < kBandBins; n += kLanes) {
      Vector re, im;
      hn::LoadInterleaved2(kFloats, from + 2 * n, re, im);
      hn::StoreU(re, kFloats, to + n);
      hn::StoreU(im, kFloats, to + kBandBins + n);
    }
  }
}

// The four products of complex multiplication, kept apart so that their sums do not wait for each
// other, for two vectors of bins.
struct Products {
  Vector re_re[2], im_im[2], re_im[2], im_re[2];

  HWY_INLINE void Add(const float* HWY_RESTRICT x, const float* HWY_RESTRICT h,
                      int num_partitions) {
    for (int p = 0; p < num_partitions; ++p, x += kBandFloats, h += kBandFloats) {
      for (int v = 0; v < 2; ++v) {
        const Vector x_re = hn::LoadU(kFloats, x + v * kLanes);
        const Vector x_im = hn::LoadU(kFloats, x + v * kLanes + kBandBins);
        const Vector h_re = hn::LoadU(kFloats, h + v * kLanes);
        const Vector h_im = hn::LoadU(kFloats, h + v * kLanes + kBandBins);
        re_re[v] = hn::MulAdd(x_re, h_re, re_re[v]);
        im_im[v] = hn::MulAdd(x_im, h_im, im_im[v]);
        re_im[v] = hn::MulAdd(x_re, h_im, re_im[v]);
        im_re[v] = hn::MulAdd(x_im, h_re, im_re[v]);
      }
    }
  }
};

void MultiplySpectra(const float* HWY_RESTRICT x, const float* HWY_RESTRICT h, int num_bands,
                     int num_partitions, int newest, bool add, float* HWY_RESTRICT sum) {
  const ptrdiff_t band_floats = static_cast<ptrdiff_t>(num_partitions) * kBandFloats;
  const int until_wrap = num_partitions - newest;
  const Vector zero = hn::Zero(kFloats);
  for (int band = 0; band < num_bands; ++band, x += band_floats, h += band_floats) {
    for (int n = 0; n < kBandBins; n += 2 * kLanes) {
      Products products = {{zero, zero}, {zero, zero}, {zero, zero}, {zero, zero}};
      products.Add(x + newest * kBandFloats + n, h + n, until_wrap);
      products.Add(x + n, h + until_wrap * kBandFloats + n, newest);
      for (int v = 0; v < 2; ++v) {
        float* to = sum + band * kBandFloats + 2 * (n + v * kLanes);
        Vector re = hn::Sub(products.re_re[v], products.im_im[v]);
        Vector im = hn::Add(products.re_im[v], products.im_re[v]);
        if (add) {
          Vector sum_re, sum_im;
          hn::LoadInterleaved2(kFloats, to, sum_re, sum_im);
          re = hn::Add(re, sum_re);
          im = hn::Add(im, sum_im);
        }
        hn::StoreInterleaved2(re, im, kFloats, to);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(AddFir);
HWY_EXPORT(Twist);
HWY_EXPORT(Untwist);
HWY_EXPORT(StorePartition);
HWY_EXPORT(MultiplySpectra);

void AddFir(const float* taps, int num_taps, const float* x, int num_frames, float* y) {
  HWY_DYNAMIC_DISPATCH(AddFir)(taps, num_taps, x, num_frames, y);
}

void Twist(const float* real, const float* imaginary, const float* cosines, const float* sines,
           int size, float* spectrum) {
  HWY_DYNAMIC_DISPATCH(Twist)(real, imaginary, cosines, sines, size, spectrum);
}

void Untwist(const float* spectrum, const float* cosines, const float* sines, int size, float* y) {
  HWY_DYNAMIC_DISPATCH(Untwist)(spectrum, cosines, sines, size, y);
}

void StorePartition(const float* spectrum, int num_bands, int num_partitions, int partition,
                    float* bands) {
  HWY_DYNAMIC_DISPATCH(StorePartition)(spectrum, num_bands, num_partitions, partition, bands);
}

void MultiplySpectra(const float* x, const float* h, int num_bands, int num_partitions, int newest,
                     bool add, float* sum) {
  HWY_DYNAMIC_DISPATCH(MultiplySpectra)(x, h, num_bands, num_partitions, newest, add, sum);
}

}  // namespace patchbay
#endif
