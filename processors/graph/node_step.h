#ifndef PROCESSORS_GRAPH_NODE_STEP_H_
#define PROCESSORS_GRAPH_NODE_STEP_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "processors/core/processor.h"
#include "processors/graph/live_controls.h"
#include "processors/graph/plan.h"

namespace patchbay {

// One running State of a node: gives it, call by call, its blocks and its controls.
class NodeStep {
 public:
  // `plan`, its step and `controls` must outlive it.
  NodeStep(const Plan& plan, const Plan::Step& step, std::shared_ptr<const Processor> processor,
           LiveControls& controls);

  const Plan::Step& step() const { return step_; }
  const std::shared_ptr<const Processor>& processor() const { return processor_; }

  // A new State.
  void Reset();

  // Computes a slice. `edges` holds its blocks, `scratch` kMaxFrames values for each parameter;
  // `frame` is that of the clip which the first frame of the slice stands for, `end` where the clip
  // ends. Allocates nothing.
  void Run(std::span<const Block> edges, std::span<const std::span<float>> scratch, int64_t frame,
           int64_t end, int num_frames);

  std::string Save();
  absl::Status Load(absl::string_view bytes);

 private:
  // Where a parameter's value comes from: changes and curves, or another node.
  struct Source {
    Rate rate = Rate::kFixed;
    const ControlTrack* track = nullptr;
    int edge = -1;  // of the controlling node
    float minimum = 0;
    float maximum = 0;
    float held = 0;  // of rate block: as last read
  };

  int CallFrames(int64_t frame, int num_frames) const;
  Control Read(Source& source, std::span<const Block> edges, int offset, int64_t frame, int count,
               std::span<float> scratch) const;
  Control ReadHeld(Source& source, const float* values, int64_t frame, int count,
                   std::span<float> scratch) const;
  void ArchiveHeld(StateArchive& archive);

  const Plan::Step& step_;
  const bool in_place_;
  const bool takes_held_controls_;
  const std::shared_ptr<const Processor> processor_;
  std::unique_ptr<State> state_;
  std::vector<Source> sources_;  // per parameter
  bool is_new_ = true;           // nothing was held yet
  // Of the call at hand.
  std::vector<ConstBlock> ins_;
  std::vector<Block> outs_;
  std::vector<Control> controls_;
  std::vector<std::span<float>> control_outs_;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_NODE_STEP_H_
