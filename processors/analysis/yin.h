#ifndef PROCESSORS_ANALYSIS_YIN_H_
#define PROCESSORS_ANALYSIS_YIN_H_

#include "processors/analysis/frame_history.h"
#include "processors/analysis/real_fft.h"

namespace patchbay {

// The period of a sound without its DC: YIN, de Cheveigne & Kawahara, "YIN, a Fundamental Frequency
// Estimator for Speech and Music", JASA 111(4), 2002. Stages, with the numbers of its sections:
//   B. difference function d(lag) = sum over j < W of (x[j] - x[j + lag])^2, by FFT
//   C. divided by its mean over shorter lags: d'(lag)
//   D. the first dip of d' below the threshold
//   E. parabolic interpolation of d at the dip
// and then, in place of F, the dips at 2, 4, 8... periods, as far as they are as deep: the period
// is that many times more exact, which high notes need.
//
// W, the lags and so half of the frames are as long as the longest period. Immutable and
// thread-safe.
class Yin {
 public:
  struct Estimate {
    float period_frames = 0;  // 0: no dip is below the threshold
    float aperiodicity = 1;   // d' at the period, or else at the deepest dip; 0 is a perfect period
  };

  struct Scratch {
    explicit Scratch(const Yin& yin)
        : frames(yin.fft_.size()),
          first_spectrum(2 * yin.fft_.num_bins()),
          spectrum(2 * yin.fft_.num_bins()),
          differences(yin.max_lag_ + 2),
          normalised(yin.max_lag_ + 2) {}

    AlignedFloats frames, first_spectrum, spectrum, differences, normalised;
  };

  // 2 <= min_lag < max_lag, the shortest and the longest period in frames.
  Yin(int min_lag, int max_lag);

  // What an estimate is made from.
  static int WindowFrames(int max_lag) { return 2 * (max_lag + 1); }
  static int FftFrames(int max_lag);

  // Of the last frames of `history`. Allocates nothing.
  Estimate Analyse(const FrameHistory& history, float threshold, Scratch& scratch) const;

 private:
  struct Dip {
    int lag;      // 0: none is deep enough
    float depth;  // interpolated; if there is none, the least d'
  };

  // Returns the energy of the first half of the frames.
  double ComputeDifferences(Scratch& scratch) const;
  Dip FirstDip(const float* normalised, float threshold) const;
  double Refined(int dip, const Scratch& scratch) const;

  const int min_lag_;
  const int max_lag_;
  const RealFft& fft_;
  const AlignedFloats ones_;
};

}  // namespace patchbay

#endif  // PROCESSORS_ANALYSIS_YIN_H_
