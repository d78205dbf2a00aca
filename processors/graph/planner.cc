#include "processors/graph/planner.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/control_signal_proto.h"
#include "processors/graph/graph_order.h"

namespace patchbay {
namespace {

using Kind = Graph::Node::Kind;

}  // namespace

absl::StatusOr<Plan> Planner::Run(const StageLanes& lanes) {
  plan_.sample_rate_hz = inputs_.sample_rate_hz;
  AddLanes(lanes);
  for (const int n : graph_.order) {
    const Graph::Node& node = graph_.nodes[n];
    if (node.stage != stage_ || node.floats || audio_.count(n) > 0) continue;
    switch (node.kind) {
      case Kind::kList: {
        PATCHBAY_ASSIGN_OR_RETURN(audio_[n], AudioOf(node.ports[0]));
        break;
      }
      case Kind::kItem:
        PATCHBAY_RETURN_IF_ERROR(AddItem(n));
        break;
      case Kind::kProcessor:
        if (node.streams()) PATCHBAY_RETURN_IF_ERROR(AddProcessor(n));
        break;
      case Kind::kInput:
      case Kind::kAlias:
      case Kind::kSignal:
        break;
    }
  }
  PATCHBAY_RETURN_IF_ERROR(AddRestOfFloating());
  PATCHBAY_RETURN_IF_ERROR(CloseLoops());
  PATCHBAY_RETURN_IF_ERROR(Finish());
  return std::move(plan_);
}

void Planner::AddLanes(const StageLanes& lanes) {
  // All nodes that stand for one input of the session share its edge.
  if (stage_ == 0) {
    for (const int channels : inputs_.input_channels) {
      plan_.inputs.push_back(NewEdge({.num_channels = channels,
                                      .sample_rate_hz = inputs_.sample_rate_hz,
                                      .inputs = {static_cast<int>(plan_.inputs.size())}}));
    }
    for (const int n : graph_.order) {
      const Graph::Node& node = graph_.nodes[n];
      if (node.kind != Kind::kInput) continue;
      audio_[n] = node.index < 0 ? plan_.inputs : Edges{plan_.inputs[node.index]};
    }
    return;
  }
  earlier_controls_ = lanes.controls;
  for (const auto& [n, clips] : lanes.audio) {
    Edges& edges = audio_[n];
    for (const Lane& lane : clips) {
      if (plan_.inputs.empty()) plan_.sample_rate_hz = lane.sample_rate_hz;
      edges.push_back(NewEdge({.num_channels = lane.num_channels,
                               .sample_rate_hz = lane.sample_rate_hz,
                               .own_end = lane.length_frames.has_value(),
                               .length_frames = lane.length_frames,
                               .inputs = {static_cast<int>(plan_.inputs.size())}}));
      plan_.inputs.push_back(edges.back());
    }
  }
}

absl::StatusOr<Planner::Edges> Planner::AudioOf(const std::vector<Graph::Operand>& operands) const {
  Edges edges;
  for (const Graph::Operand& operand : operands) {
    const Edges& more = audio_.at(operand.node);
    edges.insert(edges.end(), more.begin(), more.end());
  }
  return edges;
}

absl::Status Planner::AddItem(int n) {
  const Graph::Node& node = graph_.nodes[n];
  PATCHBAY_ASSIGN_OR_RETURN(const Edges edges, AudioOf(node.ports[0]));
  if (node.index >= static_cast<int>(edges.size())) {
    return InvalidArgument(
        absl::StrCat("[", node.index, "] does not exist: there ",
                     edges.size() == 1 ? "is 1 clip" : absl::StrCat("are ", edges.size(), " clips"),
                     ", counted from 0"),
        {.path = absl::StrCat("[", node.index, "]")});
  }
  audio_[n] = {edges[node.index]};
  return absl::OkStatus();
}

absl::StatusOr<int> Planner::AddNode(int n, int sample_rate_hz) {
  if (const auto known = node_indices_.find(n); known != node_indices_.end()) return known->second;
  const Graph::Node& node = graph_.nodes[n];
  Plan::Node planned = {.name = node.name,
                        .type = node.type,
                        .sample_rate_hz = sample_rate_hz,
                        .parameters = node.parameters[0],
                        .controls = node.controls};
  for (const auto& [parameter, curve] : node.curves) {
    const ParameterSpec& spec = node.type->spec.parameters[parameter];
    PATCHBAY_ASSIGN_OR_RETURN(
        planned.curves[parameter],
        FromProto(curve, spec, absl::StrCat(node.name, ".", spec.name), sample_rate_hz));
  }
  plan_.nodes.push_back(std::move(planned));
  return node_indices_[n] = static_cast<int>(plan_.nodes.size()) - 1;
}

absl::StatusOr<int> Planner::LaneOf(const Edges& edges, int lane, int width,
                                    const std::string& path) const {
  if (edges.size() == 1) return edges[0];
  if (static_cast<int>(edges.size()) == width) return edges[lane];
  return InvalidArgument(absl::StrCat(path, " has ", edges.size(), " clips for ", width,
                                      ": give one, or one for each"),
                         {.path = path});
}

absl::Status Planner::AddProcessor(int n, int sample_rate_hz) {
  const Graph::Node& node = graph_.nodes[n];
  const ProcessorSpec& spec = node.type->spec;
  std::vector<Edges> ports;
  for (size_t p = 0; p < node.ports.size(); ++p) {
    if (p == 0 && node.cuts_loop) {
      PATCHBAY_ASSIGN_OR_RETURN(const Edges late, OpenLoop(n));
      ports.push_back(late);
    } else {
      PATCHBAY_ASSIGN_OR_RETURN(const Edges edges, AudioOf(node.ports[p]));
      ports.push_back(edges);
    }
  }
  const bool takes_all = !ports.empty() && spec.inputs[0].repeated;
  int width = ports.empty() || takes_all ? 1 : static_cast<int>(ports[0].size());
  if (sample_rate_hz == 0) sample_rate_hz = RateOf(node, ports.empty() ? Edges() : ports[0]);
  PATCHBAY_ASSIGN_OR_RETURN(const int index, AddNode(n, sample_rate_hz));
  if (ports.empty()) {
    // A control processor is multiplexed over what controls it.
    for (const auto& [parameter, operand] : node.controls) {
      PATCHBAY_ASSIGN_OR_RETURN(const Edges lanes, ControlsAt(operand, sample_rate_hz));
      width = std::max(width, static_cast<int>(lanes.size()));
    }
  }
  audio_[n] = {};
  for (int lane = 0; lane < width; ++lane) {
    Edges inputs = takes_all ? ports[0] : Edges();
    for (size_t p = 0; p < ports.size() && !takes_all; ++p) {
      if (ports[p].empty()) {
        inputs.push_back(-1);
        continue;
      }
      PATCHBAY_ASSIGN_OR_RETURN(
          const int edge,
          LaneOf(ports[p], lane, width, absl::StrCat(node.name, ".", spec.inputs[p].name)));
      inputs.push_back(edge);
    }
    if (!ports.empty()) sample_rate_hz = RateOf(node, inputs);
    std::map<int, int> controls;
    for (const auto& [parameter, operand] : node.controls) {
      const std::string path = absl::StrCat(node.name, ".", spec.parameters[parameter].name);
      PATCHBAY_ASSIGN_OR_RETURN(const Edges lanes, ControlsAt(operand, sample_rate_hz));
      PATCHBAY_ASSIGN_OR_RETURN(const int edge, LaneOf(lanes, lane, width, path));
      const int rate = plan_.edges[edge].sample_rate_hz;
      if (rate != sample_rate_hz) {
        return InvalidArgument(
            absl::StrCat(path, ": the control signal of ", graph_.nodes[operand.node].name,
                         " runs at ", rate, " Hz and what it moves at ", sample_rate_hz,
                         " Hz: resample one of them first"),
            {.path = path});
      }
      controls[parameter] = edge;
    }
    PATCHBAY_RETURN_IF_ERROR(AddStep(n, index, inputs, std::move(controls), sample_rate_hz));
  }
  return absl::OkStatus();
}

}  // namespace patchbay
