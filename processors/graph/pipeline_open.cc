// How a Pipeline grows: stages and bridges are made once what flows into them is known.

#include <algorithm>

#include "absl/strings/str_cat.h"
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
      const bool is_fed = streams_.count(node.ports[0][0].node) > 0 &&
                          std::ranges::all_of(node.controls, [&](const auto& control) {
                            return controls_.count(ControlFor(control.second, node.stage)) > 0;
                          });
      if (!is_fed) continue;
      PATCHBAY_RETURN_IF_ERROR(OpenBridge(n));
      grew = true;
    }
  }
  FindOutputs();
  return absl::OkStatus();
}

bool Pipeline::NeedsStage(int stage) const {
  return stage == 0 || std::ranges::any_of(graph_->order, [&](int n) {
           return graph_->nodes[n].runs_in(stage) && graph_->nodes[n].streams();
         });
}

// Whether what a node takes flows into the stage: if it runs there, or if what moves it does, which
// runs as long as its audio comes.
bool Pipeline::FlowsInto(int n, int stage) const {
  const Graph::Node& node = graph_->nodes[n];
  if (node.streams()) return node.runs_in(stage);
  return node.stage == stage && std::ranges::any_of(node.controls, [&](const auto& control) {
           return graph_->nodes[control.second.node].runs_in(stage);
         });
}

Pipeline::Control Pipeline::ControlFor(const Graph::Operand& operand, int user_stage) const {
  const Graph::Node& source = graph_->nodes[operand.node];
  return {operand.node, operand.control_output,
          source.runs_in(user_stage) ? user_stage : source.stage};
}

std::optional<StageLanes> Pipeline::LanesOf(int stage) const {
  StageLanes lanes;
  if (stage == 0) return lanes;
  for (const int n : graph_->order) {
    if (!FlowsInto(n, stage)) continue;
    for (const Graph::Operand& operand : OperandsOf(graph_->nodes[n])) {
      const Graph::Node& source = graph_->nodes[operand.node];
      if (operand.is_control()) {
        const Control control = ControlFor(operand, stage);
        if (std::get<2>(control) == stage) continue;
        const auto streams = controls_.find(control);
        if (streams == controls_.end()) return std::nullopt;
        lanes.controls[{operand.node, operand.control_output}] =
            static_cast<int>(streams->second.size());
        continue;
      }
      if (source.stage == stage && source.streams()) continue;
      const auto streams = streams_.find(operand.node);
      if (streams == streams_.end()) return std::nullopt;
      std::vector<Lane>& flows = lanes.audio[operand.node];
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
  const Plan& plan = *stage.plan;
  plans_.push_back(stage.plan);
  planned_bytes_ += plan.state_bytes + plan.shared_bytes;
  if (index == 0) {
    for (const int channels : inputs_.input_channels) {
      stage.session_inputs.emplace_back(
          Lane{.num_channels = channels, .sample_rate_hz = inputs_.sample_rate_hz});
      stage.session_inputs.back().AddTaker(stage.taker);
      stage.inputs.push_back(&stage.session_inputs.back());
    }
  }
  for (const auto& [node, unused] : lanes.audio) {
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
  // Whom a control signal moves must find it, even if there are no clips to have it of.
  for (const int n : graph_->order) {
    for (const auto& [parameter, operand] : graph_->nodes[n].controls) {
      const Control control = ControlFor(operand, graph_->nodes[n].stage);
      if (std::get<2>(control) == index) controls_[control];
    }
  }
  for (const Plan::ControlOutput& output : plan.control_outputs) {
    const int rate = plan.edges[output.edge].sample_rate_hz;
    Stage::ControlTakers takers;
    if (output.is_wanted) {
      control_outputs_.push_back(
          {.name = output.name, .unit = output.unit, .sample_rate_hz = rate});
      takers.client = &control_queues_.emplace_back(1);
    }
    std::vector<Taker> others;
    for (const int n : graph_->order) {
      const Graph::Node& node = graph_->nodes[n];
      if (std::ranges::count(OperandsOf(node), output.operand) == 0) continue;
      if (std::get<2>(ControlFor(output.operand, node.stage)) != index) continue;
      if (node.streams() && node.stage == index) continue;
      const Taker taker = {node.streams() ? Taker::Kind::kStage : Taker::Kind::kBridge,
                           node.streams() ? node.stage : n};
      if (std::ranges::count(others, taker) == 0) others.push_back(taker);
    }
    if (!others.empty()) {
      const Control control = {output.operand.node, output.operand.control_output, index};
      takers.others =
          &controls_[control].emplace_back(Lane{.num_channels = 1, .sample_rate_hz = rate});
      for (const Taker& taker : others) takers.others->AddTaker(taker);
    }
    stage.control_outputs.push_back(takers);
  }
  return CheckPlannedBytes();
}

absl::Status Pipeline::CheckPlannedBytes() const {
  if (planned_bytes_ <= limits_.max_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("the description needs ", planned_bytes_,
                                                   " bytes of memory and a session may "
                                                   "have ",
                                                   limits_.max_bytes));
}

absl::Status Pipeline::Start() {
  for (auto& [index, stage] : stages_) {
    if (stage.engine != nullptr) continue;
    PATCHBAY_ASSIGN_OR_RETURN(stage.engine, Engine::Create(stage.plan));
    std::vector<ClipStream*> read;
    for (const Plan::ControlInput& input : stage.plan->control_inputs) {
      ClipStream& stream = controls_.at(ControlFor(input.operand, index))[input.lane];
      // Read at several sample rates, it is read at several places.
      const bool again = std::ranges::count(read, &stream) > 0;
      FrameQueue& values = again ? stream.AddQueue(stage.taker) : *stream.queue(stage.taker);
      stage.controls.emplace_back(stream, values, stage.plan->edges[input.edge].sample_rate_hz);
      read.push_back(&stream);
    }
  }
  for (auto& [node, bridge] : bridges_) {
    if (!bridge->is_started()) PATCHBAY_RETURN_IF_ERROR(bridge->Start());
  }
  return absl::OkStatus();
}

std::vector<Pipeline::BridgePlan> Pipeline::bridge_plans() const {
  std::vector<BridgePlan> plans;
  for (const auto& [node, bridge] : bridges_) {
    plans.push_back({.node = bridge->node().name,
                     .layouts = bridge->layouts(),
                     .controls = bridge->LiveParameters()});
  }
  return plans;
}

void Pipeline::AddStream(int n, const Lane& lane) {
  ClipStream& stream = streams_[n].emplace_back(lane);
  const Graph::Node& source = graph_->nodes[n];
  const Graph::Operand operand = {n};
  std::vector<int> stages;
  for (const int u : graph_->order) {
    const Graph::Node& user = graph_->nodes[u];
    if (std::ranges::count(OperandsOf(user), operand) == 0) continue;
    if (!user.streams()) stream.AddTaker({Taker::Kind::kBridge, u});
    if (FlowsInto(u, user.stage) && user.stage >= source.output_stage() &&
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
    for (ClipStream& stream : controls_[ControlFor(operand, node.stage)]) {
      controls[parameter].push_back(&stream);
    }
  }
  PATCHBAY_ASSIGN_OR_RETURN(bridges_[n],
                            Bridge::Create(n, node, std::move(inputs), std::move(controls)));
  if (node.type->spec.timing == Timing::kResizing) streams_[n];  // known, also if there are none
  for (const Lane& lane : bridges_[n]->lanes()) AddStream(n, lane);
  for (const Layout& layout : bridges_[n]->layouts()) {
    planned_bytes_ += layout.state_bytes + layout.shared_bytes;
  }
  return CheckPlannedBytes();
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
