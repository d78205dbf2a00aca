// What a Planner does once all nodes of the stage are placed: loops, and what leaves the stage.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/graph_order.h"
#include "processors/graph/planner.h"

namespace patchbay {

absl::StatusOr<Planner::Edges> Planner::OpenLoop(int n) {
  const LoopInput& input = loop_inputs_.at(n);
  const int loop = static_cast<int>(plan_.loop_channels.size());
  loops_[n] = loop;
  plan_.loop_channels.push_back(input.num_channels);
  plan_.state_bytes += int64_t{kMaxFrames} * input.num_channels * sizeof(float);
  // Its latency is taken out of the delay that follows.
  const int edge =
      NewEdge({.num_channels = input.num_channels, .sample_rate_hz = plan_.sample_rate_hz});
  plan_.steps.push_back({.kind = Plan::Step::Kind::kLoopRead, .loop = loop, .outputs = {edge}});
  return Edges{edge};
}

absl::Status Planner::CheckLoop(int n, const Plan::Step& step) {
  const std::string& name = graph_.nodes[n].name;
  const int64_t needed = kMaxFrames + loop_inputs_.at(n).latency_frames;
  if (step.layout.loop_frames >= needed) return absl::OkStatus();
  return InvalidArgument(
      absl::StrCat(name, " closes a loop: it must delay by at least ", needed, " frames (",
                   1000.0 * static_cast<double>(needed) / step.format.sample_rate_hz,
                   " ms), with mix=1 and feedback=0"),
      {.path = name, .value = absl::StrCat(step.layout.loop_frames, " frames")});
}

absl::Status Planner::CloseLoops() {
  for (const auto& [n, loop] : loops_) {
    PATCHBAY_ASSIGN_OR_RETURN(const Edges edges, AudioOf(graph_.nodes[n].ports[0]));
    if (edges.size() != 1) {
      return InvalidArgument(absl::StrCat(graph_.nodes[n].name, " closes a loop of ", edges.size(),
                                          " clips: a loop carries one"),
                             {.path = graph_.nodes[n].name});
    }
    const Plan::Edge& edge = plan_.edges[edges[0]];
    found_loop_inputs_[n] = {.num_channels = edge.num_channels,
                             .latency_frames = edge.latency_frames};
    plan_.steps.push_back({.kind = Plan::Step::Kind::kLoopWrite, .loop = loop, .inputs = edges});
  }
  return absl::OkStatus();
}

absl::Status Planner::Finish() {
  ExportControls();
  for (const Plan::Edge& edge : plan_.edges) {
    plan_.latency_frames = std::max(plan_.latency_frames, edge.latency_frames);
  }
  std::vector<Graph::Operand> wanted = graph_.outputs;  // first, in the order of the description
  for (const int n : graph_.order) {
    const std::vector<Graph::Operand> operands = OperandsOf(graph_.nodes[n]);
    wanted.insert(wanted.end(), operands.begin(), operands.end());
  }
  std::vector<Graph::Operand> exported;
  for (const Graph::Operand& operand : wanted) {
    if (operand.is_control() || !IsExported(operand)) continue;
    const bool is_output =
        exported.size() < graph_.outputs.size() && std::ranges::count(graph_.outputs, operand) > 0;
    if (!is_output && std::ranges::count(exported, operand) > 0) continue;
    exported.push_back(operand);
    Plan::Export out = {.operand = operand, .first_output = static_cast<int>(plan_.outputs.size())};
    for (const int edge : audio_.at(operand.node)) {
      plan_.outputs.push_back(Aligned(edge, plan_.latency_frames));
      ++out.num_outputs;
    }
    plan_.exports.push_back(out);
  }
  bool ends = !plan_.outputs.empty();
  int64_t length = 0;
  for (const int edge : plan_.outputs) {
    plan_.tail_frames = std::max(plan_.tail_frames, plan_.edges[edge].tail_frames);
    ends = ends && plan_.edges[edge].own_end && plan_.edges[edge].length_frames.has_value();
    length = std::max(length, plan_.edges[edge].length_frames.value_or(0));
  }
  if (plan_.inputs.empty() && ends) plan_.length_frames = length;
  return absl::OkStatus();
}

}  // namespace patchbay
