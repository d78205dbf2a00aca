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

absl::Status TooMany(absl::string_view what, int64_t number, int64_t limit) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": ", number, "; at most ", limit, " are allowed"));
}

}  // namespace

absl::StatusOr<Plan> Planner::Run(const StageLanes& lanes) {
  plan_.sample_rate_hz = inputs_.sample_rate_hz;
  AddLanes(lanes);
  for (const int n : graph_.order) {
    const Graph::Node& node = graph_.nodes[n];
    if (node.stage != stage_ || audio_.count(n) > 0) continue;
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
  PATCHBAY_RETURN_IF_ERROR(CloseLoops());
  PATCHBAY_RETURN_IF_ERROR(Finish());
  return std::move(plan_);
}

void Planner::AddLanes(const StageLanes& lanes) {
  // All nodes that stand for one input of the session share its edge.
  if (stage_ == 0) {
    for (const int channels : inputs_.input_channels) {
      plan_.inputs.push_back(
          NewEdge({.num_channels = channels, .sample_rate_hz = inputs_.sample_rate_hz}));
    }
    for (const int n : graph_.order) {
      const Graph::Node& node = graph_.nodes[n];
      if (node.kind != Kind::kInput) continue;
      audio_[n] = node.index < 0 ? plan_.inputs : Edges{plan_.inputs[node.index]};
    }
    return;
  }
  for (const auto& [n, clips] : lanes) {
    Edges& edges = audio_[n];
    for (const Lane& lane : clips) {
      if (plan_.inputs.empty()) plan_.sample_rate_hz = lane.sample_rate_hz;
      edges.push_back(NewEdge({.num_channels = lane.num_channels,
                               .sample_rate_hz = lane.sample_rate_hz,
                               .own_end = lane.length_frames.has_value(),
                               .length_frames = lane.length_frames}));
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

absl::StatusOr<int> Planner::AddNode(const Graph::Node& node) {
  Plan::Node planned = {.name = node.name,
                        .type = node.type,
                        .parameters = node.parameters[0],
                        .controls = node.controls};
  for (const auto& [parameter, curve] : node.curves) {
    const ParameterSpec& spec = node.type->spec.parameters[parameter];
    PATCHBAY_ASSIGN_OR_RETURN(
        planned.curves[parameter],
        FromProto(curve, spec, absl::StrCat(node.name, ".", spec.name), plan_.sample_rate_hz));
  }
  plan_.nodes.push_back(std::move(planned));
  return static_cast<int>(plan_.nodes.size()) - 1;
}

absl::StatusOr<int> Planner::LaneOf(const Edges& edges, int lane, int width,
                                    const std::string& path) const {
  if (edges.size() == 1) return edges[0];
  if (static_cast<int>(edges.size()) == width) return edges[lane];
  return InvalidArgument(absl::StrCat(path, " has ", edges.size(), " clips for ", width,
                                      ": give one, or one for each"),
                         {.path = path});
}

absl::Status Planner::AddProcessor(int n) {
  const Graph::Node& node = graph_.nodes[n];
  const ProcessorSpec& spec = node.type->spec;
  PATCHBAY_ASSIGN_OR_RETURN(const int index, AddNode(node));
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
  if (ports.empty()) {
    // A control processor is multiplexed over what controls it.
    for (const auto& [parameter, operand] : node.controls) {
      const Edges& lanes = controls_.at({operand.node, operand.control_output});
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
    std::map<int, int> controls;
    for (const auto& [parameter, operand] : node.controls) {
      PATCHBAY_ASSIGN_OR_RETURN(
          controls[parameter],
          LaneOf(controls_.at({operand.node, operand.control_output}), lane, width,
                 absl::StrCat(node.name, ".", spec.parameters[parameter].name)));
    }
    PATCHBAY_RETURN_IF_ERROR(AddStep(n, index, inputs, std::move(controls)));
  }
  return absl::OkStatus();
}

absl::Status Planner::CheckPorts(const Plan::Node& node, const StreamFormat& format) const {
  const ProcessorSpec& spec = node.type->spec;
  for (size_t i = 0; i < format.input_channels.size(); ++i) {
    const PortSpec& port = spec.inputs[std::min(i, spec.inputs.size() - 1)];
    const int channels = format.input_channels[i];
    const std::string path = absl::StrCat(node.name, ".", port.name);
    if (channels == 0 && port.optional) continue;
    if (channels == 0) {
      return InvalidArgument(
          absl::StrCat(path, " needs audio: give it, as in ", port.name, "=in[1]"), {.path = path});
    }
    if (channels < port.min_channels || channels > port.max_channels) {
      return InvalidArgument(
          absl::StrCat(path, " has ", channels, " channels: it takes ", port.min_channels, " to ",
                       port.max_channels),
          {.path = path,
           .value = absl::StrCat(channels),
           .allowed = absl::StrCat(port.min_channels, " to ", port.max_channels)});
    }
  }
  return absl::OkStatus();
}

int Planner::NewEdge(const Plan::Edge& edge) {
  plan_.edges.push_back(edge);
  return static_cast<int>(plan_.edges.size()) - 1;
}

int Planner::Aligned(int edge, int64_t latency_frames) {
  const int64_t delay = latency_frames - plan_.edges[edge].latency_frames;
  if (delay == 0) return edge;
  Plan::Edge delayed = plan_.edges[edge];
  delayed.latency_frames = latency_frames;
  const int output = NewEdge(delayed);
  plan_.state_bytes += delay * delayed.num_channels * static_cast<int64_t>(sizeof(float));
  plan_.steps.push_back({.kind = Plan::Step::Kind::kDelay,
                         .inputs = {edge},
                         .outputs = {output},
                         .delay_frames = delay});
  return output;
}

// As late as the latest input, as long as the longest.
Plan::Edge Planner::ClipOf(const Edges& inputs) const {
  Plan::Edge clip = {.sample_rate_hz = plan_.sample_rate_hz, .own_end = true};
  bool ends = false;
  bool is_first = true;
  for (const int e : inputs) {
    if (e < 0) continue;
    const Plan::Edge& edge = plan_.edges[e];
    clip.sample_rate_hz = edge.sample_rate_hz;
    clip.latency_frames = std::max(clip.latency_frames, edge.latency_frames);
    clip.tail_frames = std::max(clip.tail_frames, edge.tail_frames);
    clip.own_end = clip.own_end && edge.own_end;
    ends = (is_first || ends) && edge.length_frames.has_value();
    clip.length_frames = std::max(clip.length_frames.value_or(0), edge.length_frames.value_or(0));
    is_first = false;
  }
  if (!clip.own_end || !ends) clip.length_frames.reset();
  return clip;
}

absl::Status Planner::AddStep(int n, int node_index, const Edges& inputs,
                              std::map<int, int> controls) {
  if (plan_.steps.size() >= static_cast<size_t>(limits_.max_states)) {
    return TooMany("number of states", limits_.max_states + 1, limits_.max_states);
  }
  const Plan::Node& node = plan_.nodes[node_index];
  const ProcessorSpec& spec = node.type->spec;
  Plan::Edge clip = ClipOf(inputs);
  for (const auto& [parameter, edge] : controls) {
    clip.latency_frames = std::max(clip.latency_frames, plan_.edges[edge].latency_frames);
  }
  Plan::Step step = {.node = node_index, .loop = -1};
  step.format.sample_rate_hz = clip.sample_rate_hz;
  step.input_latency_frames = clip.latency_frames;
  for (const int edge : inputs) {
    if (edge >= 0 && plan_.edges[edge].sample_rate_hz != clip.sample_rate_hz) {
      return InvalidArgument(
          absl::StrCat(node.name, " has inputs of ", plan_.edges[edge].sample_rate_hz, " Hz and ",
                       clip.sample_rate_hz, " Hz: resample one of them"),
          {.path = node.name});
    }
    step.inputs.push_back(edge < 0 ? edge : Aligned(edge, clip.latency_frames));
    step.format.input_channels.push_back(edge < 0 ? 0 : plan_.edges[edge].num_channels);
  }
  for (const auto& [parameter, edge] : controls) {
    step.controls[parameter] = Aligned(edge, clip.latency_frames);
  }
  PATCHBAY_RETURN_IF_ERROR(CheckPorts(node, step.format));
  PATCHBAY_ASSIGN_OR_RETURN(step.layout, node.type->plan(node.parameters, step.format));
  if (graph_.nodes[n].cuts_loop) {
    PATCHBAY_RETURN_IF_ERROR(CheckLoop(n, step));
    clip.tail_frames += kLoopTails * step.layout.loop_frames;
    step.format.loop_frames = kMaxFrames + loop_inputs_.at(n).latency_frames;
    PATCHBAY_ASSIGN_OR_RETURN(step.layout, node.type->plan(node.parameters, step.format));
  }
  if (inputs.empty()) clip.length_frames = step.layout.length_frames;
  clip.latency_frames += step.layout.latency_frames;
  if (!inputs_.exclude_tail) clip.tail_frames += step.layout.tail_frames;

  plan_.state_bytes += step.layout.state_bytes;
  plan_.shared_bytes += step.layout.shared_bytes;
  if (plan_.state_bytes + plan_.shared_bytes > limits_.max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(node.name, ": the description needs more than ", limits_.max_bytes,
                     " bytes of memory, the limit of a session"));
  }
  for (const int channels : step.layout.output_channels) {
    clip.num_channels = channels;
    step.outputs.push_back(NewEdge(clip));
    audio_[n].push_back(step.outputs.back());
  }
  clip.num_channels = 1;
  for (size_t i = 0; i < spec.control_outputs.size(); ++i) {
    step.control_outputs.push_back(NewEdge(clip));
    controls_[{n, static_cast<int>(i)}].push_back(step.control_outputs.back());
  }
  plan_.steps.push_back(std::move(step));
  return absl::OkStatus();
}

}  // namespace patchbay
