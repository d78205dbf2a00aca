#ifndef PROCESSORS_TIME_CONVOLUTION_KERNELS_H_
#define PROCESSORS_TIME_CONVOLUTION_KERNELS_H_

namespace patchbay {

// The inner loops of partitioned convolution, for the best instruction set that the CPU has.
//
// Spectra that are multiplied are stored in bands of kBandBins bins: for each band, the bins of
// every partition one after the other, kBandBins real parts and then kBandBins imaginary parts. So
// a sum over partitions reads memory in order. Other spectra are plain interleaved complex numbers.

inline constexpr int kBandBins = 16;
inline constexpr int kBandFloats = 2 * kBandBins;

// Frames by which AddFir may read past x + num_frames and write past y + num_frames.
inline constexpr int kFirPadding = 64;

// y[n] += sum over k of taps[k] * x[n - k], for 0 <= n < num_frames. Each y[n] is the same bits
// whatever num_frames is.
void AddFir(const float* taps, int num_taps, const float* x, int num_frames, float* y);

// spectrum[n] = (real[n] + i imaginary[n]) (cosines[n] + i sines[n])
void Twist(const float* real, const float* imaginary, const float* cosines, const float* sines,
           int size, float* spectrum);

// y[n] = the imaginary part of spectrum[n] (cosines[n] - i sines[n])
void Untwist(const float* spectrum, const float* cosines, const float* sines, int size, float* y);

// Stores an interleaved spectrum as one partition of `bands`.
void StorePartition(const float* spectrum, int num_bands, int num_partitions, int partition,
                    float* bands);

// sum[bin] = (add ? sum[bin] : 0) + sum over p of x[(newest + p) mod num_partitions] * h[p], for
// banded x and h and an interleaved sum.
void MultiplySpectra(const float* x, const float* h, int num_bands, int num_partitions, int newest,
                     bool add, float* sum);

}  // namespace patchbay

#endif  // PROCESSORS_TIME_CONVOLUTION_KERNELS_H_
