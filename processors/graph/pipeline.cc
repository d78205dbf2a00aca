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

absl::StatusOr<std::unique_ptr<Pipeline>> Pipeline::Create(std::shared_ptr<const Graph> graph,
                                                           const PlanInputs& inputs,
                                                           const PlanLimits& limits) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(std::move(graph), inputs, limits));
  PATCHBAY_RETURN_IF_ERROR(pipeline->Open());
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
  for (const auto& [node, bridge] : bridges_) bytes += bridge->num_bytes();
  if (bytes <= limits_.max_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "the audio that waits for a processor that must hear all of it needs more than ",
      limits_.max_bytes, " bytes, the limit of a session: process it in shorter pieces"));
}

absl::StatusOr<bool> Pipeline::Work(const NodeProgress& progress) {
  bool worked = false;
  for (auto& [index, stage] : stages_) {
    PATCHBAY_ASSIGN_OR_RETURN(const bool did, WorkOn(stage));
    worked = worked || did;
  }
  for (auto& [node, bridge] : bridges_) {
    PATCHBAY_ASSIGN_OR_RETURN(const bool did, WorkOn(node, *bridge, progress));
    worked = worked || did;
  }
  PATCHBAY_RETURN_IF_ERROR(CheckMemory());
  PATCHBAY_RETURN_IF_ERROR(Open());
  return worked;
}

absl::StatusOr<bool> Pipeline::WorkOn(Stage& stage) {
  if (stage.is_done) return false;
  if (&stage == &stages_.at(0) && has_ended_) {
    for (ClipStream& input : stage.session_inputs) input.End();
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
    const int count = static_cast<int>(std::min<int64_t>(available, kTurnFrames));
    if (generates) generated_frames_ = std::max<int64_t>(0, generated_frames_ - count);
    PATCHBAY_RETURN_IF_ERROR(RunStage(stage, count, generates));
    return true;
  }
  if (!has_ended) return false;
  if (!generates) {
    stage.engine->End();
    const int64_t left = stage.engine->frames_to_drain();
    if (left > 0) {
      PATCHBAY_RETURN_IF_ERROR(
          RunStage(stage, static_cast<int>(std::min<int64_t>(left, kTurnFrames)), true));
      return true;
    }
  }
  stage.is_done = true;
  for (ClipStream* output : stage.outputs) {
    if (output != nullptr) output->End();
  }
  for (const Stage::ControlTakers& output : stage.control_outputs) {
    if (output.bridges != nullptr) output.bridges->End();
  }
  return true;
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
  const int64_t start = stage.engine->position_frames();
  if (draining) {
    stage.engine->Drain(outs, control_outs, num_frames);
  } else {
    PATCHBAY_RETURN_IF_ERROR(stage.engine->Process(ins, outs, control_outs, num_frames));
    for (ClipStream* input : stage.inputs) {
      FrameQueue& queue = *input->queue(stage.taker);
      queue.Pop(std::min(queue.num_frames(), num_frames));
    }
  }
  // Frames [first, last) of the slice are those of the clip itself.
  const std::optional<int64_t> end = stage.engine->end_frame();
  const auto shown = [&](ConstBlock block, int64_t latency, const Plan::Edge& edge) {
    const std::optional<int64_t> clip_end = edge.own_end ? edge.length_frames : end;
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
    if (takers.bridges != nullptr) takers.bridges->Append(values);
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
  PATCHBAY_RETURN_IF_ERROR(bridge.Work(
      outputs, [&](double fraction) { return progress(bridge.node().name, fraction); }, worked));
  const bool is_whole = bridge.node().type->spec.timing == Timing::kWholeClip;
  if (is_whole && bridge.is_done() && !was_done) TakeResults(node, std::move(bridge.results()));
  return worked;
}

void Pipeline::TakeResults(int node, std::vector<Clip> clips) {
  streams_[node];  // also if nothing came out
  constexpr int kPiece = 1 << 20;
  for (Clip& clip : clips) {
    AddStream(node, {.num_channels = clip.num_channels(),
                     .sample_rate_hz = clip.sample_rate_hz(),
                     .length_frames = clip.num_frames()});
    ClipStream& stream = streams_[node].back();
    for (int64_t first = 0; first < clip.num_frames(); first += kPiece) {
      const int count = static_cast<int>(std::min<int64_t>(kPiece, clip.num_frames() - first));
      stream.Append(clip.Frames(first, count));
    }
    stream.End();
    clip = Clip();
  }
}

absl::Status Pipeline::SetControl(absl::string_view node, absl::string_view parameter,
                                  const v1::ControlSignal& signal,
                                  std::optional<int64_t> start_frame) {
  for (auto& [n, bridge] : bridges_) {
    const int index = bridge->node().type->spec.FindParameter(parameter);
    const bool is_meant = node.empty() ? index >= 0 : bridge->node().name == node;
    if (!is_meant || index < 0) continue;
    return bridge->SetControl(index, signal, start_frame);
  }
  for (auto& [index, stage] : stages_) {
    const bool is_here = std::ranges::any_of(stage.plan->nodes, [&](const Plan::Node& candidate) {
      return node.empty() ? candidate.type->spec.FindParameter(parameter) >= 0
                          : candidate.name == node;
    });
    if (is_here) return stage.engine->SetControl(node, parameter, signal, start_frame);
  }
  const bool exists = std::ranges::any_of(graph_->order, [&](int n) {
    return graph_->nodes[n].is_processor() && graph_->nodes[n].name == node;
  });
  if (exists) {
    return absl::FailedPreconditionError(
        absl::StrCat(node,
                     " runs only once the input has ended, and cannot be changed before: set its "
                     "parameters in the description"));
  }
  return stages_.at(0).engine->SetControl(node, parameter, signal, start_frame);
}

}  // namespace patchbay
