#ifndef PROCESSORS_DYNAMICS_GAIN_COMPUTER_H_
#define PROCESSORS_DYNAMICS_GAIN_COMPUTER_H_

namespace patchbay {

// The static curve of a compressor: how much to reduce the gain at a level `over` the threshold.
// Levels, knee width and result are in one logarithmic unit, whichever.
//
//   0                                  2 over < -knee
//   slope (over + knee/2)^2 / (2 knee)  2 |over| <= knee      slope = 1 - 1/ratio
//   slope over                          2 over > knee
//
// After Giannoulis, Massberg & Reiss, "Digital Dynamic Range Compressor Design", JAES 60(6), 2012,
// eq. 4; written without branches, so that a loop over frames is vectorised.
class GainComputer {
 public:
  explicit GainComputer(float knee)
      : half_knee_(knee / 2), curvature_(knee > 0 ? 1 / (2 * knee) : 0) {}

  float Reduction(float over, float slope) const {
    const float entered = over + half_knee_;
    const float left = over - half_knee_;
    const float positive = entered > 0 ? entered : 0;
    const float in_knee = positive < 2 * half_knee_ ? positive : 2 * half_knee_;
    const float above = left > 0 ? left : 0;
    return slope * (in_knee * in_knee * curvature_ + above);
  }

 private:
  float half_knee_;
  float curvature_;
};

}  // namespace patchbay

#endif  // PROCESSORS_DYNAMICS_GAIN_COMPUTER_H_
