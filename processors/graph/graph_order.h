#ifndef PROCESSORS_GRAPH_GRAPH_ORDER_H_
#define PROCESSORS_GRAPH_GRAPH_ORDER_H_

#include "absl/status/status.h"
#include "processors/graph/graph.h"

namespace patchbay {

// Everything that a node takes, ports first.
std::vector<Graph::Operand> OperandsOf(const Graph::Node& node);

// Sets `order`, reaching every node from the roots, and cuts every loop at a processor that may
// close one. INVALID_ARGUMENT, showing the loop, if there is none in it.
absl::Status OrderNodes(const std::vector<Graph::Operand>& roots, Graph& graph);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_GRAPH_ORDER_H_
