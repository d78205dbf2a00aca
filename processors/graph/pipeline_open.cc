// How a Pipeline grows: stages and bridges are made once what flows into them is known.

#include <algorithm>

#include "processors/core/errors.h"
#include "processors/graph/graph_order.h"
#include "processors/graph/pipeline_stage.h"

namespace patchbay {

absl::Status Pipeline::Open() {
  for (bool grew = true; grew;) {
    grew = false;
    for (int stage = 0; stage < graph_->num_stages(); ++stage) {
      if (stages_.count(stage) > 0 || !NeedsStage(stage)) continue;
      const std::optional<StageLanes> lanes = LanesOf(stage);
      if (!lanes.has_value()) continue;
      PATCHBAY_RETURN_IF_ERROR(OpenStage(stage, *lanes));
      grew = true;
    }
    for (const int n : graph_->order) {
      const Graph::Node& node = graph_->nodes[n];
      if (node.streams() || bridges_.count(n) > 0) continue;
      if (streams_.count(node.ports[0][0].node) == 0) continue;
      PATCHBAY_RETURN_IF_ERROR(OpenBridge(n));
      grew = true;
    }
  }
  FindOutputs();
  return absl::OkStatus();
}

bool Pipeline::NeedsStage(int stage) const {
  return stage == 0 || std::ranges::any_of(graph_->order, [&](int n) {
           return graph_->nodes[n].stage == stage && graph_->nodes[n].streams();
         });
}

std::optional<StageLanes> Pipeline::LanesOf(int stage) const {
  StageLanes lanes;
  if (stage == 0) return lanes;
  for (const int n : graph_->order) {
    const Graph::Node& node = graph_->nodes[n];
    if (node.stage != stage || !node.streams()) continue;
    for (const Graph::Operand& operand : OperandsOf(node)) {
      if (operand.is_control() || graph_->nodes[operand.node].stage == stage) {
        const bool is_bridge = !graph_->nodes[operand.node].streams();
        if (operand.is_control() || !is_bridge) continue;
      }
      const auto streams = streams_.find(operand.node);
      if (streams == streams_.end()) return std::nullopt;
      std::vector<Lane>& flows = lanes[operand.node];
      flows.clear();
      for (const ClipStream& stream : streams->second) flows.push_back(stream.lane());
    }
  }
  return lanes;
}

absl::Status Pipeline::OpenStage(int index, const StageLanes& lanes) {
  Stage& stage = stages_[index];
  stage.taker = {Taker::Kind::kStage, index};
  PATCHBAY_ASSIGN_OR_RETURN(stage.plan, Plan::Create(*graph_, index, lanes, inputs_, limits_));
  PATCHBAY_ASSIGN_OR_RETURN(stage.engine, Engine::Create(stage.plan));
  const Plan& plan = *stage.plan;
  plans_.push_back(stage.plan);
  if (index == 0) {
    for (const int channels : inputs_.input_channels) {
      stage.session_inputs.emplace_back(
          Lane{.num_channels = channels, .sample_rate_hz = inputs_.sample_rate_hz});
      stage.session_inputs.back().AddTaker(stage.taker);
      stage.inputs.push_back(&stage.session_inputs.back());
    }
  }
  for (const auto& [node, unused] : lanes) {
    for (ClipStream& stream : streams_.at(node)) stage.inputs.push_back(&stream);
  }
  for (const Plan::Export& out : plan.exports) {
    const bool is_new = streams_.count(out.operand.node) == 0;
    for (int i = 0; i < out.num_outputs; ++i) {
      const Plan::Edge& edge = plan.edges[plan.outputs[out.first_output + i]];
      Lane lane = {.num_channels = edge.num_channels, .sample_rate_hz = edge.sample_rate_hz};
      if (edge.own_end && edge.length_frames.has_value()) {
        lane.length_frames = *edge.length_frames + edge.tail_frames;
      }
      if (is_new) AddStream(out.operand.node, lane);
      // A node that is put out twice has one stream, with a queue for each.
      stage.outputs.push_back(is_new ? &streams_.at(out.operand.node)[i] : nullptr);
    }
    if (is_new && out.num_outputs == 0) streams_[out.operand.node];
  }
  for (const Plan::ControlOutput& output : plan.control_outputs) {
    Stage::ControlTakers takers;
    if (output.is_wanted) {
      control_outputs_.push_back({.name = output.name, .unit = output.unit});
      takers.client = &control_queues_.emplace_back(1);
    }
    const Control control = {output.operand.node, output.operand.control_output};
    for (const int n : graph_->order) {
      const Graph::Node& node = graph_->nodes[n];
      const bool takes = !node.streams() && std::ranges::count(OperandsOf(node), output.operand);
      if (!takes) continue;
      if (takers.bridges == nullptr) {
        takers.bridges = &controls_[control].emplace_back(
            Lane{.num_channels = 1, .sample_rate_hz = plan.sample_rate_hz});
      }
      takers.bridges->AddTaker({Taker::Kind::kBridge, n});
    }
    stage.control_outputs.push_back(takers);
  }
  return absl::OkStatus();
}

void Pipeline::AddStream(int n, const Lane& lane) {
  ClipStream& stream = streams_[n].emplace_back(lane);
  const Graph::Node& source = graph_->nodes[n];
  const Graph::Operand operand = {n};
  std::vector<int> stages;
  for (const int u : graph_->order) {
    const Graph::Node& user = graph_->nodes[u];
    if (std::ranges::count(OperandsOf(user), operand) == 0) continue;
    if (!user.streams()) {
      stream.AddTaker({Taker::Kind::kBridge, u});
    } else if (user.stage >= source.output_stage() &&
               !(source.streams() && user.stage == source.stage) &&
               std::ranges::count(stages, user.stage) == 0) {
      stages.push_back(user.stage);
      stream.AddTaker({Taker::Kind::kStage, user.stage});
    }
  }
  for (size_t i = 0; i < graph_->outputs.size(); ++i) {
    if (graph_->outputs[i] != operand) continue;
    stream.AddTaker({Taker::Kind::kClient, static_cast<int>(i)});
  }
}

absl::Status Pipeline::OpenBridge(int n) {
  const Graph::Node& node = graph_->nodes[n];
  Bridge::Streams inputs;
  for (ClipStream& stream : streams_.at(node.ports[0][0].node)) inputs.push_back(&stream);
  std::map<int, Bridge::Streams> controls;
  for (const auto& [parameter, operand] : node.controls) {
    for (ClipStream& stream : controls_[{operand.node, operand.control_output}]) {
      controls[parameter].push_back(&stream);
    }
  }
  PATCHBAY_ASSIGN_OR_RETURN(bridges_[n],
                            Bridge::Create(n, node, std::move(inputs), std::move(controls)));
  for (const Lane& lane : bridges_[n]->lanes()) AddStream(n, lane);
  return absl::OkStatus();
}

void Pipeline::FindOutputs() {
  if (outputs_known_) return;
  for (const Graph::Operand& output : graph_->outputs) {
    if (!output.is_control() && streams_.count(output.node) == 0) return;
  }
  for (int stage = 0; stage < graph_->num_stages(); ++stage) {
    if (NeedsStage(stage) && stages_.count(stage) == 0) return;
  }
  for (size_t i = 0; i < graph_->outputs.size(); ++i) {
    if (graph_->outputs[i].is_control()) continue;
    for (ClipStream& stream : streams_[graph_->outputs[i].node]) {
      outputs_.push_back(stream.lane());
      output_streams_.push_back({&stream, {Taker::Kind::kClient, static_cast<int>(i)}});
    }
  }
  outputs_known_ = true;
}

}  // namespace patchbay
