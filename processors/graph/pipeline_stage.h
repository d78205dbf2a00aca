#ifndef PROCESSORS_GRAPH_PIPELINE_STAGE_H_
#define PROCESSORS_GRAPH_PIPELINE_STAGE_H_

#include <memory>
#include <optional>
#include <vector>

#include "processors/graph/pipeline.h"

namespace patchbay {

// An Engine with where its audio comes from and goes to.
struct Pipeline::Stage {
  struct ControlTakers {
    FrameQueue* client = nullptr;  // null: the client does not want it
    ClipStream* others = nullptr;  // null: no bridge and no later stage takes it
  };

  Taker taker;
  std::shared_ptr<const Plan> plan;
  std::unique_ptr<Engine> engine;         // null until it is started
  std::deque<ClipStream> session_inputs;  // of stage 0
  std::vector<ClipStream*> inputs;        // per input of the plan
  std::vector<ControlReader> controls;    // per control input, once it is started
  std::vector<ClipStream*> outputs;       // per output
  std::vector<ControlTakers> control_outputs;
  bool is_done = false;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_PIPELINE_STAGE_H_
