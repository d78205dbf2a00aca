// Parameters of a running Pipeline.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/graph/pipeline_stage.h"

namespace patchbay {

absl::Status Pipeline::SetControl(absl::string_view node, absl::string_view parameter,
                                  const v1::ControlSignal& signal,
                                  std::optional<int64_t> start_frame) {
  for (auto& [n, bridge] : bridges_) {
    const int index = bridge->node().type->spec.FindParameter(parameter);
    const bool is_meant = node.empty() ? index >= 0 : bridge->node().name == node;
    if (!is_meant || index < 0) continue;
    return bridge->SetControl(index, signal, start_frame);
  }
  const auto known = std::ranges::find_if(graph_->order, [&](int n) {
    return graph_->nodes[n].is_processor() && graph_->nodes[n].name == node;
  });
  if (known != graph_->order.end()) {
    for (int stage = 0; stage < graph_->num_stages(); ++stage) {
      if (!graph_->nodes[*known].runs_in(stage) || stages_.count(stage) > 0) continue;
      return absl::FailedPreconditionError(
          absl::StrCat(node,
                       " runs only once the input has ended, and cannot be changed before: set "
                       "its parameters in the description"));
    }
  }
  bool is_set = false;
  for (auto& [index, stage] : stages_) {
    const bool is_here = std::ranges::any_of(stage.plan->nodes, [&](const Plan::Node& candidate) {
      return node.empty() ? candidate.type->spec.FindParameter(parameter) >= 0
                          : candidate.name == node;
    });
    if (!is_here) continue;
    const absl::Status status = stage.engine->SetControl(node, parameter, signal, start_frame);
    if (!status.ok() || node.empty()) return status;
    is_set = true;  // and in the other stages that have a copy of it
  }
  if (is_set) return absl::OkStatus();
  return stages_.at(0).engine->SetControl(node, parameter, signal, start_frame);
}

}  // namespace patchbay
