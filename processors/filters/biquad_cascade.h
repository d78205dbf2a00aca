#ifndef PROCESSORS_FILTERS_BIQUAD_CASCADE_H_
#define PROCESSORS_FILTERS_BIQUAD_CASCADE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "processors/core/block.h"
#include "processors/core/state_archive.h"
#include "processors/filters/biquad.h"
#include "processors/filters/biquad_group.h"

namespace patchbay {

// Frames in a row that one design filters.
struct BiquadRun {
  int num_frames;
  const BiquadGroup* sections;  // as many as the memory has
};

// What filter sections in series remember of one stream: for every channel and section the state
// at the start of the current group, and the input frames of that group so far.
class BiquadMemory {
 public:
  BiquadMemory(int num_sections, int num_channels)
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
  friend void RunBiquads(Block block, std::span<const BiquadRun> runs, BiquadMemory& memory);

  std::vector<double> states_;   // channels x sections x 2
  std::vector<double> pending_;  // channels x kBiquadGroup
  int num_pending_ = 0;
};

// Filters `block`, at most kMaxFrames, in place through sections in series: runs[0] goes on with
// the design that held until now (and may have no frames), each further run begins a new one.
//
// In double precision, kBiquadGroup frames at a time. For every section,
//
//   y[0..3] = outputs_from_inputs x[0..3] + outputs_from_state s
//   s'      = state_from_inputs   x[0..3] + state_from_state   s     (Biquad, four steps ahead)
//
// Groups are counted from the last new design. Output frame k of a group depends on no later input:
// an unfinished group is computed as if zeros followed, and again from its start when more has
// come. So the bits are the same however the stream is cut, and on every processor with the same
// vector arithmetic (no fused operations). No latency; what would not be a finite float is limited
// to the largest one.
void RunBiquads(Block block, std::span<const BiquadRun> runs, BiquadMemory& memory);

// Sections in series that never change.
class BiquadCascade {
 public:
  explicit BiquadCascade(std::span<const Biquad> sections);

  static int64_t HeapBytes(int num_sections) { return num_sections * sizeof(BiquadGroup); }

  void Process(Block block, BiquadMemory& memory) const {
    const BiquadRun run = {block.num_frames(), groups_.data()};
    RunBiquads(block, {&run, 1}, memory);
  }

 private:
  std::vector<BiquadGroup> groups_;
};

}  // namespace patchbay

#endif  // PROCESSORS_FILTERS_BIQUAD_CASCADE_H_
