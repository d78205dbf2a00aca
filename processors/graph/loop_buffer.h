#ifndef PROCESSORS_GRAPH_LOOP_BUFFER_H_
#define PROCESSORS_GRAPH_LOOP_BUFFER_H_

#include <vector>

#include "processors/core/block.h"
#include "processors/core/state_archive.h"

namespace patchbay {

// Carries audio around a loop, kMaxFrames later: what closes the loop can run before what feeds it.
class LoopBuffer {
 public:
  // Allocates num_channels * kMaxFrames samples.
  explicit LoopBuffer(int num_channels);

  // What was written kMaxFrames ago. `out` holds kMaxFrames or fewer.
  void Read(Block out) const;
  // To be called after Read, with as many frames.
  void Write(ConstBlock in);

  void Archive(StateArchive& archive);

 private:
  std::vector<float> ring_;  // kMaxFrames per channel
  int oldest_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_LOOP_BUFFER_H_
