#ifndef PROCESSORS_GRAPH_BUFFER_LAYOUT_H_
#define PROCESSORS_GRAPH_BUFFER_LAYOUT_H_

#include <cstdint>
#include <vector>

#include "processors/graph/plan.h"

namespace patchbay {

// Where the audio of each edge lives while a slice is computed. Mutators share the buffer of their
// input, buffers are used again once nobody reads them any more, and a buffer that ends up as an
// output of the session is that output's memory, so that no copy is needed at the end.
class BufferLayout {
 public:
  // The memory of an edge.
  struct Place {
    enum class Kind { kInput, kControlInput, kOutput, kInternal } kind = Kind::kInternal;
    int index = 0;  // of the plan's input or output; of an internal buffer: its first channel
  };

  explicit BufferLayout(const Plan& plan);

  const Place& place(int edge) const { return places_[edge]; }

  // Channels of kMaxFrames samples that the internal buffers take.
  int num_channels() const { return num_channels_; }

  // Outputs whose edge lives elsewhere and has to be copied, by output index.
  const std::vector<int>& copied_outputs() const { return copied_outputs_; }

  // The session's output may be the memory of its input.
  bool works_in_place() const { return works_in_place_; }

 private:
  std::vector<Place> places_;
  std::vector<int> copied_outputs_;
  int num_channels_ = 0;
  bool works_in_place_ = false;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_BUFFER_LAYOUT_H_
