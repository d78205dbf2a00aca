#include "processors/graph/pipeline.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/pipeline_stage.h"

namespace patchbay {
namespace {

// What a stage computes at a time, so that others get their turn, and a cancellation is seen.
constexpr int kTurnFrames = 4096;

}  // namespace

Pipeline::~Pipeline() = default;

Pipeline::Pipeline(std::shared_ptr<const Graph> graph, const PlanInputs& inputs,
                   const PlanLimits& limits)
    : graph_(std::move(graph)), inputs_(inputs), limits_(limits) {}

absl::StatusOr<std::unique_ptr<Pipeline>> Pipeline::CreatePlanned(
    std::shared_ptr<const Graph> graph, const PlanInputs& inputs, const PlanLimits& limits) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(std::move(graph), inputs, limits));
  PATCHBAY_RETURN_IF_ERROR(pipeline->Open());
  return pipeline;
}

absl::StatusOr<std::unique_ptr<Pipeline>> Pipeline::Create(std::shared_ptr<const Graph> graph,
                                                           const PlanInputs& inputs,
                                                           const PlanLimits& limits) {
  PATCHBAY_ASSIGN_OR_RETURN(std::unique_ptr<Pipeline> pipeline,
                            CreatePlanned(std::move(graph), inputs, limits));
  PATCHBAY_RETURN_IF_ERROR(pipeline->Start());
  return pipeline;
}

absl::Status Pipeline::Push(std::span<const ConstBlock> ins, int num_frames) {
  PATCHBAY_RETURN_IF_ERROR(CheckFinite(ins, /*position=*/0));
  Stage& first = stages_.at(0);
  for (size_t i = 0; i < ins.size(); ++i) first.session_inputs[i].Append(ins[i]);
  if (ins.empty()) generated_frames_ += num_frames;
  return CheckMemory();
}

absl::Status Pipeline::CheckMemory() const {
  int64_t bytes = 0;
  for (const auto& [node, streams] : streams_) {
    for (const ClipStream& stream : streams) bytes += stream.num_bytes();
  }
  for (const auto& [control, streams] : controls_) {
    for (const ClipStream& stream : streams) bytes += stream.num_bytes();
  }
  for (const auto& [node, bridge] : bridges_) bytes += bridge->num_bytes();
  if (bytes <= limits_.max_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "the audio that waits for a processor that must hear all of it needs more than ",
      limits_.max_bytes, " bytes, the limit of a session: process it in shorter pieces"));
}

absl::StatusOr<bool> Pipeline::Work(const NodeProgress& progress) {
  bool worked = false;
  for (auto& [index, stage] : stages_) {
    PATCHBAY_ASSIGN_OR_RETURN(const bool did, WorkOn(stage, progress));
    worked = worked || did;
  }
  for (auto& [node, bridge] : bridges_) {
    PATCHBAY_ASSIGN_OR_RETURN(const bool did, WorkOn(node, *bridge, progress));
    worked = worked || did;
  }
  PATCHBAY_RETURN_IF_ERROR(CheckMemory());
  PATCHBAY_RETURN_IF_ERROR(Open());
  PATCHBAY_RETURN_IF_ERROR(Start());
  return worked;
}

absl::StatusOr<bool> Pipeline::WorkOn(Stage& stage, const NodeProgress& progress) {
  if (stage.is_done) return false;
  if (&stage == &stages_.at(0) && has_ended_) {
    for (ClipStream& input : stage.session_inputs) input.End();
  }
  int most = kTurnFrames;  // for which control signals are there
  for (const ControlReader& reader : stage.controls) {
    most = std::min(most, reader.num_available());
  }
  const bool generates = stage.inputs.empty();
  bool has_ended = generates ? has_ended_ : true;
  int shortest = std::numeric_limits<int>::max();
  int longest = 0;
  for (ClipStream* input : stage.inputs) {
    const int frames = input->queue(stage.taker)->num_frames();
    longest = std::max(longest, frames);
    if (input->has_ended()) continue;
    has_ended = false;
    shortest = std::min(shortest, frames);
  }
  int64_t available = has_ended ? longest : shortest;
  if (generates) {
    const int64_t left = stage.engine->frames_to_drain();
    available =
        left >= 0 ? (has_ended ? left : std::min(left, generated_frames_)) : generated_frames_;
  }
  if (available > 0) {
    if (most == 0) return false;
    const int count = static_cast<int>(std::min<int64_t>(available, most));
    if (generates) generated_frames_ = std::max<int64_t>(0, generated_frames_ - count);
    PATCHBAY_RETURN_IF_ERROR(RunStage(stage, count, generates));
    PATCHBAY_RETURN_IF_ERROR(ReportWork(stage, progress));
    return true;
  }
  if (!has_ended) return false;
  if (!generates) {
    stage.engine->End();
    const int64_t left = stage.engine->frames_to_drain();
    if (left > 0) {
      if (most == 0) return false;
      PATCHBAY_RETURN_IF_ERROR(
          RunStage(stage, static_cast<int>(std::min<int64_t>(left, most)), true));
      PATCHBAY_RETURN_IF_ERROR(ReportWork(stage, progress));
      return true;
    }
  }
  stage.is_done = true;
  for (ClipStream* output : stage.outputs) {
    if (output != nullptr) output->End();
  }
  for (const Stage::ControlTakers& output : stage.control_outputs) {
    if (output.others != nullptr) output.others->End();
  }
  return true;
}

// A stage is at work as a whole: its last node stands for it.
absl::Status Pipeline::ReportWork(const Stage& stage, const NodeProgress& progress) const {
  NodeWork work = {.frames = stage.engine->position_frames()};
  if (!stage.plan->nodes.empty()) work.node = stage.plan->nodes.back().name;
  int64_t left = stage.engine->has_ended() ? stage.engine->frames_to_drain() : 0;
  bool is_known = !stage.inputs.empty();
  for (ClipStream* input : stage.inputs) {
    is_known = is_known && input->has_ended();
    left = std::max<int64_t>(left, input->queue(stage.taker)->num_frames());
  }
  if (is_known) work.fraction = static_cast<double>(work.frames) / (work.frames + left);
  return progress(work);
}

// Clips of one stage need not be of one length.
std::optional<int64_t> Pipeline::EndOf(const Stage& stage, const Plan::Edge& edge) {
  if (edge.own_end) return edge.length_frames;
  if (edge.inputs.empty()) return stage.engine->end_frame();
  int64_t end = 0;
  for (const int input : edge.inputs) {
    if (!stage.inputs[input]->has_ended()) return std::nullopt;
    end = std::max(end, stage.inputs[input]->num_frames());
  }
  return end;
}

absl::Status Pipeline::RunStage(Stage& stage, int num_frames, bool draining) {
  const Plan& plan = *stage.plan;
  std::deque<Clip> clips;  // what must not move while blocks point to it
  std::vector<ConstBlock> ins;
  for (ClipStream* input : stage.inputs) {
    if (draining) break;
    FrameQueue& queue = *input->queue(stage.taker);
    const int waiting = std::min(queue.num_frames(), num_frames);
    if (waiting == num_frames) {
      ins.push_back(queue.Front(num_frames));
      continue;
    }
    // It has ended before the others: silence follows.
    Clip& padded = clips.emplace_back(plan.sample_rate_hz, queue.num_channels(), num_frames);
    Copy(queue.Front(waiting), padded.Frames(0, waiting));
    ins.push_back(std::as_const(padded).Frames(0, num_frames));
  }
  std::vector<Block> outs;
  for (const int edge : plan.outputs) {
    outs.push_back(
        clips.emplace_back(plan.sample_rate_hz, plan.edges[edge].num_channels, num_frames)
            .Frames(0, num_frames));
  }
  std::vector<std::vector<float>> curves(plan.control_outputs.size(),
                                         std::vector<float>(num_frames));
  const std::vector<std::span<float>> control_outs(curves.begin(), curves.end());
  std::vector<std::vector<float>> moves;
  for (ControlReader& reader : stage.controls) {
    reader.Read(moves.emplace_back(num_frames));
  }
  const std::vector<std::span<const float>> control_ins(moves.begin(), moves.end());
  const int64_t start = stage.engine->position_frames();
  if (draining) {
    stage.engine->Drain(outs, control_outs, num_frames, control_ins);
  } else {
    PATCHBAY_RETURN_IF_ERROR(
        stage.engine->Process(ins, outs, control_outs, num_frames, control_ins));
    for (ClipStream* input : stage.inputs) {
      FrameQueue& queue = *input->queue(stage.taker);
      queue.Pop(std::min(queue.num_frames(), num_frames));
    }
  }
  // Frames [first, last) of the slice are those of the clip itself.
  const auto shown = [&](ConstBlock block, int64_t latency, const Plan::Edge& edge) {
    const std::optional<int64_t> clip_end = EndOf(stage, edge);
    const int64_t last =
        clip_end.has_value() ? *clip_end + latency + edge.tail_frames - start : num_frames;
    const int first_shown = static_cast<int>(std::clamp<int64_t>(latency - start, 0, num_frames));
    const int last_shown = static_cast<int>(std::clamp<int64_t>(last, first_shown, num_frames));
    return block.Frames(first_shown, last_shown - first_shown);
  };
  for (size_t o = 0; o < outs.size(); ++o) {
    const Plan::Edge& edge = plan.edges[plan.outputs[o]];
    if (stage.outputs[o] == nullptr) continue;
    stage.outputs[o]->Append(shown(outs[o], plan.latency_frames, edge));
  }
  for (size_t i = 0; i < curves.size(); ++i) {
    const ConstBlock curve(curves[i].data(), 1, num_frames, num_frames);
    const Plan::ControlOutput& output = plan.control_outputs[i];
    const ConstBlock values = shown(curve, output.latency_frames, plan.edges[output.edge]);
    const Stage::ControlTakers& takers = stage.control_outputs[i];
    if (takers.client != nullptr) takers.client->Append(values);
    if (takers.others != nullptr) takers.others->Append(values);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Pipeline::WorkOn(int node, Bridge& bridge, const NodeProgress& progress) {
  bool worked = false;
  Bridge::Streams outputs;
  if (!bridge.lanes().empty()) {
    for (ClipStream& stream : streams_.at(node)) outputs.push_back(&stream);
  }
  const bool was_done = bridge.is_done();
  PATCHBAY_RETURN_IF_ERROR(bridge.Work(outputs, progress, worked));
  const bool is_whole = bridge.node().type->spec.timing == Timing::kWholeClip;
  if (is_whole && bridge.is_done() && !was_done) {
    TakeResults(node, std::move(bridge.results()));
  }
  return worked;
}

void Pipeline::TakeResults(int node, std::vector<Clip> clips) {
  streams_[node];  // also if nothing came out
  for (Clip& clip : clips) {
    AddStream(node, {.num_channels = clip.num_channels(),
                     .sample_rate_hz = clip.sample_rate_hz(),
                     .length_frames = clip.num_frames()});
    ClipStream& stream = streams_[node].back();
    stream.Append(std::move(clip));
    stream.End();
  }
}

}  // namespace patchbay
