// What is left to do once every expression is a node.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/graph_order.h"
#include "processors/graph/graph_resolver.h"
#include "processors/graph/graph_stages.h"

namespace patchbay {

absl::Status Resolver::ReplaceAliases() {
  const auto replace = [this](Operand& operand) -> absl::Status {
    for (size_t hops = 0; graph_.nodes[operand.node].kind == Node::Kind::kAlias; ++hops) {
      const Node& alias = graph_.nodes[operand.node];
      if (hops > graph_.nodes.size()) {
        return InvalidArgument(absl::StrCat("'", alias.name, "' is defined by nothing but itself"),
                               {.path = alias.name});
      }
      operand = alias.ports[0][0];
    }
    return absl::OkStatus();
  };
  for (Node& node : graph_.nodes) {
    if (node.kind == Node::Kind::kAlias) continue;
    for (auto& port : node.ports) {
      for (Operand& operand : port) {
        PATCHBAY_RETURN_IF_ERROR(replace(operand));
        if (IsAudio(operand)) continue;
        return InvalidArgument(
            absl::StrCat("a control signal is fed back as audio",
                         node.name.empty() ? "" : absl::StrCat(" to ", node.name)),
            {.path = node.name});
      }
    }
  }
  for (Operand& output : graph_.outputs) PATCHBAY_RETURN_IF_ERROR(replace(output));
  return absl::OkStatus();
}

void Resolver::FlattenOutputs() {
  for (size_t i = 0; i < graph_.outputs.size();) {
    const Node& node = graph_.nodes[graph_.outputs[i].node];
    if (node.kind != Node::Kind::kList || graph_.outputs[i].is_control()) {
      ++i;
      continue;
    }
    const std::vector<Operand> items = node.ports[0];
    const auto place = graph_.outputs.erase(graph_.outputs.begin() + static_cast<ptrdiff_t>(i));
    graph_.outputs.insert(place, items.begin(), items.end());
  }
}

absl::Status Resolver::CheckUse() {
  for (const Operand& output : graph_.outputs) {
    if (graph_.nodes[output.node].kind != Node::Kind::kSignal) continue;
    return absl::InvalidArgumentError(
        "the description puts out a number: name a processor, such as 'gain(gain_db=-6)'");
  }
  PATCHBAY_RETURN_IF_ERROR(OrderNodes(graph_.outputs, graph_));
  PATCHBAY_RETURN_IF_ERROR(AssignStages(graph_));
  std::vector<bool> used(inputs_.num_inputs);
  for (const int n : graph_.order) {
    const Node& node = graph_.nodes[n];
    if (node.kind != Node::Kind::kInput) continue;
    if (node.index < 0) return absl::OkStatus();
    used[node.index] = true;
  }
  for (int i = 0; i < inputs_.num_inputs; ++i) {
    if (used[i]) continue;
    return InvalidArgument(
        absl::StrCat("input ", i, " is not used by the description: leave it away, or use in[", i,
                     "]"),
        {.path = absl::StrCat("in[", i, "]")});
  }
  return absl::OkStatus();
}

}  // namespace patchbay
