// Where a Planner has the control signals of a stage from, and which of them leave it.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/graph_order.h"
#include "processors/graph/planner.h"

namespace patchbay {

absl::StatusOr<Planner::Edges> Planner::ControlsAt(const Graph::Operand& operand,
                                                   int sample_rate_hz) {
  const Control control = {operand.node, operand.control_output};
  if (const auto here = controls_.find(control); here != controls_.end()) return here->second;
  const ControlAtRate wanted = {operand.node, operand.control_output, sample_rate_hz};
  if (const auto known = controls_at_.find(wanted); known != controls_at_.end()) {
    return known->second;
  }
  if (const auto earlier = earlier_controls_.find(control); earlier != earlier_controls_.end()) {
    Edges& edges = controls_at_[wanted];
    for (int lane = 0; lane < earlier->second; ++lane) {
      edges.push_back(NewEdge({.num_channels = 1, .sample_rate_hz = sample_rate_hz}));
      plan_.control_inputs.push_back({.operand = operand, .lane = lane, .edge = edges.back()});
    }
    return edges;
  }
  if (graph_.nodes[operand.node].floats) {
    PATCHBAY_RETURN_IF_ERROR(AddProcessor(operand.node, sample_rate_hz));
    return controls_at_.at(wanted);
  }
  return Edges();  // of a node that is multiplexed over no clips
}

int Planner::RateOf(const Graph::Node& node, const Edges& inputs) const {
  for (const int edge : inputs) {
    if (edge >= 0) return plan_.edges[edge].sample_rate_hz;
  }
  for (const auto& [parameter, operand] : node.controls) {
    const auto lanes = controls_.find({operand.node, operand.control_output});
    if (lanes == controls_.end() || lanes->second.empty()) continue;
    return plan_.edges[lanes->second[0]].sample_rate_hz;
  }
  return plan_.sample_rate_hz;
}

// What moves nodes that do not stream, or is for the client alone.
absl::Status Planner::AddRestOfFloating() {
  for (const int n : graph_.order) {
    const Graph::Node& node = graph_.nodes[n];
    if (!node.floats || !node.runs_in(stage_) || audio_.count(n) > 0) continue;
    int rate = plan_.sample_rate_hz;
    for (const int u : graph_.order) {
      const Graph::Node& user = graph_.nodes[u];
      const bool is_moved =
          !user.streams() && user.stage == stage_ &&
          std::ranges::any_of(user.controls, [&](const auto& c) { return c.second.node == n; });
      if (!is_moved) continue;
      PATCHBAY_ASSIGN_OR_RETURN(const Edges inputs, AudioOf(user.ports[0]));
      rate = RateOf(user, inputs);
    }
    PATCHBAY_RETURN_IF_ERROR(AddProcessor(n, rate));
  }
  return absl::OkStatus();
}

bool Planner::IsExported(const Graph::Operand& operand) const {
  const Graph::Node& node = graph_.nodes[operand.node];
  if (!node.runs_in(stage_) || !node.streams()) return false;
  if (node.stage == stage_ && std::ranges::count(graph_.outputs, operand) > 0) return true;
  // What does not stream takes it, or a later stage that has none of its own.
  return std::ranges::any_of(graph_.order, [&](int n) {
    const Graph::Node& user = graph_.nodes[n];
    if (std::ranges::count(OperandsOf(user), operand) == 0) return false;
    if (user.stage == stage_) return !user.streams();
    return node.stage == stage_ && user.stage > stage_ && !node.runs_in(user.stage);
  });
}

void Planner::ExportControls() {
  for (const int n : graph_.order) {
    const Graph::Node& node = graph_.nodes[n];
    if (!node.is_processor() || !node.runs_in(stage_) || !node.streams()) continue;
    const auto& outputs = node.type->spec.control_outputs;
    bool is_taken = false;  // by another node, or by name for the client
    for (const int user : graph_.order) {
      for (const auto& [parameter, operand] : graph_.nodes[user].controls) {
        is_taken = is_taken || operand.node == n;
      }
    }
    for (int i = 0; i < static_cast<int>(outputs.size()); ++i) {
      const Graph::Operand operand = {n, i};
      const bool is_wanted =
          node.stage == stage_ && (!is_taken || std::ranges::count(graph_.outputs, operand) > 0);
      if (!is_wanted && !IsExported(operand)) continue;
      // Of one that floats, at any of the rates that it runs at.
      const Edges lanes =
          node.floats ? controls_at_.lower_bound({n, i, 0})->second : controls_[{n, i}];
      for (size_t lane = 0; lane < lanes.size(); ++lane) {
        const int edge = lanes[lane];
        const std::string which = lanes.size() > 1 ? absl::StrCat("[", lane, "]") : "";
        plan_.control_outputs.push_back(
            {.name = absl::StrCat(node.name, ".", outputs[i].name, which),
             .unit = outputs[i].unit,
             .edge = edge,
             .latency_frames = plan_.edges[edge].latency_frames,
             .operand = operand,
             .is_wanted = is_wanted});
      }
    }
  }
}

}  // namespace patchbay
