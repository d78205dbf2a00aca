#ifndef PROCESSORS_GRAPH_GRAPH_STAGES_H_
#define PROCESSORS_GRAPH_GRAPH_STAGES_H_

#include "absl/status/status.h"
#include "processors/graph/graph.h"

namespace patchbay {

// Sets the stage of every node in `order`, and in which others it runs. INVALID_ARGUMENT for a loop
// across stages.
absl::Status AssignStages(Graph& graph);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_GRAPH_STAGES_H_
