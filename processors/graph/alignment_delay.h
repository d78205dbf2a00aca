#ifndef PROCESSORS_GRAPH_ALIGNMENT_DELAY_H_
#define PROCESSORS_GRAPH_ALIGNMENT_DELAY_H_

#include <cstdint>
#include <vector>

#include "processors/core/block.h"
#include "processors/core/state_archive.h"

namespace patchbay {

// Delays a stream by a whole number of frames, so that branches of different latency meet aligned.
class AlignmentDelay {
 public:
  // delay_frames >= 1. Allocates num_channels * delay_frames samples.
  AlignmentDelay(int num_channels, int64_t delay_frames);

  // `out` gets what `in` was delay_frames ago; both have one shape and are different memory.
  void Process(ConstBlock in, Block out);

  void Archive(StateArchive& archive);

 private:
  const int64_t delay_frames_;
  std::vector<float> history_;  // per channel a ring of delay_frames
  int64_t oldest_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_ALIGNMENT_DELAY_H_
