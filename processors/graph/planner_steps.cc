// How a Planner adds one State of a node: what it takes, aligned, and what it puts out.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/planner.h"

namespace patchbay {

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
    clip.inputs.insert(edge.inputs.begin(), edge.inputs.end());
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
                              std::map<int, int> controls, int sample_rate_hz) {
  if (plan_.steps.size() >= static_cast<size_t>(limits_.max_states)) {
    return TooMany("number of states", limits_.max_states + 1, limits_.max_states);
  }
  const Plan::Node& node = plan_.nodes[node_index];
  const ProcessorSpec& spec = node.type->spec;
  Plan::Edge clip = ClipOf(inputs);
  clip.sample_rate_hz = sample_rate_hz;
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
    const int output = static_cast<int>(i);
    Edges& lanes =
        graph_.nodes[n].floats ? controls_at_[{n, output, sample_rate_hz}] : controls_[{n, output}];
    lanes.push_back(step.control_outputs.back());
  }
  plan_.steps.push_back(std::move(step));
  return absl::OkStatus();
}

}  // namespace patchbay
