#ifndef PROCESSORS_FILTERS_BIQUAD_CASCADE_H_
#define PROCESSORS_FILTERS_BIQUAD_CASCADE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "processors/core/block.h"
#include "processors/core/state_archive.h"
#include "processors/filters/biquad.h"

namespace patchbay {

// Frames that a section computes at once. A recursion over single frames would wait for the last
// result at every frame; over groups it waits once a group, and all else is plain matrix products.
inline constexpr int kBiquadGroup = 4;

// What a cascade remembers of one stream: for every channel and section the state at the start of
// the current group, and the input frames of that group so far.
class BiquadCascadeMemory {
 public:
  BiquadCascadeMemory(int num_sections, int num_channels)
      : states_(2 * num_sections * num_channels), pending_(kBiquadGroup * num_channels) {}

  static int64_t HeapBytes(int num_sections, int num_channels) {
    return num_channels * (num_sections * 2 * sizeof(double) + kBiquadGroup * sizeof(double));
  }

  void Archive(StateArchive& archive) {
    archive.Values(states_);
    archive.Values(pending_);
    archive.Index(num_pending_, kBiquadGroup);
  }

 private:
  friend class BiquadCascade;

  std::vector<double> states_;   // channels x sections x 2
  std::vector<double> pending_;  // channels x kBiquadGroup
  int num_pending_ = 0;
};

// Filter sections in series, in double precision, kBiquadGroup frames at a time. For every section,
//
//   y[0..3] = outputs_from_inputs x[0..3] + outputs_from_state s
//   s'      = state_from_inputs   x[0..3] + state_from_state   s     (Biquad, four steps ahead)
//
// Output frame k of a group depends on no later input: an unfinished group is computed as if zeros
// followed, and again from its start when more has come. So the bits are the same however the
// stream is cut, and on every processor with the same vector arithmetic (no fused operations).
// In place; no latency; what would not be a finite float is limited to the largest one.
class BiquadCascade {
 public:
  explicit BiquadCascade(int num_sections) : groups_(num_sections), sections_(num_sections) {}

  static int64_t HeapBytes(int num_sections) {
    return num_sections * (sizeof(Group) + sizeof(Biquad));
  }

  // Takes new coefficients, as many as there are sections. Streams in mid-run CatchUp first.
  void Set(std::span<const Biquad> sections);

  // Brings the state to the present frame, with the coefficients that held until now.
  void CatchUp(BiquadCascadeMemory& memory) const;

  // At most kMaxFrames.
  void Process(Block block, BiquadCascadeMemory& memory) const;

  // A section over kBiquadGroup frames: the columns of the matrices, those of the state with every
  // row twice.
  struct Group {
    double outputs_from_inputs[kBiquadGroup][kBiquadGroup];
    double outputs_from_state[2][kBiquadGroup];
    double state_from_inputs[kBiquadGroup][kBiquadGroup];
    double state_from_state[2][kBiquadGroup];
  };

 private:
  std::vector<Group> groups_;
  std::vector<Biquad> sections_;
};

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_BIQUAD_CASCADE_H_
