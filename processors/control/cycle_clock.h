#ifndef PROCESSORS_CONTROL_CYCLE_CLOCK_H_
#define PROCESSORS_CONTROL_CYCLE_CLOCK_H_

#include <cstdint>
#include <span>

#include "processors/core/control.h"
#include "processors/core/parameters.h"
#include "processors/core/state_archive.h"

namespace patchbay {

// A number of cycles in units of 2^-64.
using Cycles = unsigned __int128;

// How far a clock goes within a frame: constant, or a value per frame.
class CycleRate {
 public:
  CycleRate(double rate_hz, int sample_rate_hz);
  CycleRate(const Control& rate_hz, int sample_rate_hz);

  bool is_constant() const { return varying_hz_.is_constant(); }
  Cycles constant() const { return constant_; }
  Cycles operator[](int frame) const { return PerFrame(varying_hz_.values()[frame]); }

 private:
  Cycles PerFrame(double rate_hz) const;

  Control varying_hz_;
  double sample_rate_hz_;
  Cycles constant_ = 0;
};

// The parameters `tempo_bpm` and `beats`, an alternative to `instead_of` ("rate_hz"), and the
// frequency that they ask for, given a tempo above 0.
ParameterSpec TempoParameter(const std::string& instead_of);
ParameterSpec BeatsParameter(const std::string& of_what);
double TempoHz(const Control& tempo_bpm, const Control& beats);

// Counts the cycles of a rate that may move. Fixed point: it never drifts, and does not depend on
// how the stream is cut. It stands at 0 until frame 0.
class CycleClock {
 public:
  void Archive(StateArchive& archive);

  // The fraction of the cycle at each frame, in units of 2^-32.
  void Phases(const CycleRate& rate, int64_t position_frames, std::span<uint32_t> phases);

  // The number of the cycle at a frame, and of the frames from there that belong to it at least one
  // and at most fractions.size(): returns how many, and for each the fraction of the cycle that is
  // over, in [0, 1). A cycle begins at the frame nearest to its time. `first` is the first frame's
  // place in a varying rate.
  int Step(const CycleRate& rate, int first, int64_t position_frames, uint64_t& cycle,
           std::span<float> fractions);

 private:
  int ConstantStep(Cycles step, uint64_t& cycle, std::span<float> fractions);

  Cycles next_ = 0;  // at the next frame
};

}  // namespace patchbay

#endif  // PROCESSORS_CONTROL_CYCLE_CLOCK_H_
