#include "processors/graph/graph.h"

#include <algorithm>

#include "processors/graph/graph_resolver.h"

namespace patchbay {

int Graph::num_stages() const {
  int stages = 1;
  for (const int n : order) stages = std::max(stages, nodes[n].output_stage() + 1);
  return stages;
}

absl::StatusOr<Graph> Graph::Create(const v1::Expression& expression, const GraphInputs& inputs,
                                    const PlanLimits& limits) {
  return Resolver(inputs, limits).Run(expression);
}

}  // namespace patchbay
