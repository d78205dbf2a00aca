#include "processors/graph/engine.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/denormals.h"
#include "processors/core/errors.h"
#include "processors/graph/engine_state.pb.h"

namespace patchbay {

namespace {

// 0 times a finite number is 0, and NaN times anything else. In several sums side by side, so that
// it vectorises.
bool IsFinite(std::span<const float> samples) {
  constexpr size_t kSums = 16;
  float sums[kSums] = {};
  size_t i = 0;
  for (; i + kSums <= samples.size(); i += kSums) {
    for (size_t k = 0; k < kSums; ++k) sums[k] += samples[i + k] * 0.0f;
  }
  for (; i < samples.size(); ++i) sums[0] += samples[i] * 0.0f;
  return std::ranges::all_of(sums, [](float sum) { return sum == 0; });
}

}  // namespace

absl::Status CheckFinite(std::span<const ConstBlock> ins, int64_t position) {
  for (size_t i = 0; i < ins.size(); ++i) {
    for (int c = 0; c < ins[i].num_channels(); ++c) {
      const auto samples = ins[i].channel(c);
      if (IsFinite(samples)) continue;
      const auto bad = std::ranges::find_if_not(samples, [](float x) { return std::isfinite(x); });
      return InvalidArgument(absl::StrCat("input ", i, " is not finite (", *bad, ") at frame ",
                                          position + (bad - samples.begin()), ", channel ", c,
                                          ": replace such samples before sending them"),
                             {.path = absl::StrCat("in[", i, "]"), .value = absl::StrCat(*bad)});
    }
  }
  return absl::OkStatus();
}

Engine::~Engine() = default;

Engine::Engine(std::shared_ptr<const Plan> plan)
    : plan_(std::move(plan)), controls_(*plan_), buffers_(*plan_) {}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(std::shared_ptr<const Plan> plan) {
  std::unique_ptr<Engine> engine(new Engine(std::move(plan)));
  PATCHBAY_RETURN_IF_ERROR(engine->AddSteps());
  const Plan& p = *engine->plan_;
  size_t most_parameters = 0;
  for (const Plan::Node& node : p.nodes) {
    most_parameters = std::max(most_parameters, node.type->spec.parameters.size());
  }
  int silent_channels = 0;
  for (const int edge : p.inputs) {
    silent_channels = std::max(silent_channels, p.edges[edge].num_channels);
  }
  engine->memory_.resize((engine->buffers_.num_channels() + silent_channels) * kMaxFrames);
  engine->scratch_memory_.resize(most_parameters * kMaxFrames);
  for (size_t i = 0; i < most_parameters; ++i) {
    engine->scratch_.push_back(
        std::span(engine->scratch_memory_).subspan(i * kMaxFrames, kMaxFrames));
  }
  engine->edges_.resize(p.edges.size());
  engine->Reset();
  return engine;
}

absl::Status Engine::AddSteps() {
  for (const Plan::Step& step : plan_->steps) {
    if (step.kind != Plan::Step::Kind::kNode) continue;
    const Plan::Node& node = plan_->nodes[step.node];
    // States of one node share a Processor where their formats agree.
    std::shared_ptr<const Processor> processor;
    for (const NodeStep& other : nodes_) {
      if (other.step().node == step.node && other.step().format == step.format) {
        processor = other.processor();
      }
    }
    if (processor == nullptr) {
      PATCHBAY_ASSIGN_OR_RETURN(processor, node.type->create(node.parameters, step.format));
    }
    nodes_.emplace_back(*plan_, step, std::move(processor), controls_);
  }
  return absl::OkStatus();
}

void Engine::Reset() {
  for (NodeStep& node : nodes_) node.Reset();
  delays_.clear();
  for (const Plan::Step& step : plan_->steps) {
    if (step.kind != Plan::Step::Kind::kDelay) continue;
    delays_.emplace_back(plan_->edges[step.inputs[0]].num_channels, step.delay_frames);
  }
  loops_.clear();
  for (const int channels : plan_->loop_channels) loops_.emplace_back(channels);
  controls_.Reset();
  position_ = 0;
  end_.reset();
}

absl::Status Engine::Process(std::span<const ConstBlock> ins, std::span<const Block> outs,
                             std::span<const std::span<float>> control_outs, int num_frames,
                             std::span<const std::span<const float>> control_ins) {
  PATCHBAY_RETURN_IF_ERROR(CheckFinite(ins, position_));
  Advance(ins, outs, control_outs, num_frames, control_ins);
  return absl::OkStatus();
}

void Engine::Drain(std::span<const Block> outs, std::span<const std::span<float>> control_outs,
                   int num_frames, std::span<const std::span<const float>> control_ins) {
  Advance({}, outs, control_outs, num_frames, control_ins);
}

void Engine::End() {
  if (!end_.has_value()) end_ = position_;
}

int64_t Engine::frames_to_drain() const {
  if (plan_->inputs.empty() && !plan_->length_frames.has_value()) return -1;
  const int64_t end = plan_->inputs.empty() ? *plan_->length_frames : end_.value_or(position_);
  return std::max<int64_t>(0, end + plan_->latency_frames + plan_->tail_frames - position_);
}

void Engine::Advance(std::span<const ConstBlock> ins, std::span<const Block> outs,
                     std::span<const std::span<float>> control_outs, int num_frames,
                     std::span<const std::span<const float>> control_ins) {
  const ScopedFlushDenormals flush;
  for (int done = 0; done < num_frames;) {
    const int count = std::min(kMaxFrames, num_frames - done);
    PlaceEdges(ins, outs, control_ins, done, count);
    RunSteps(count);
    for (const int output : buffers_.copied_outputs()) {
      Copy(edges_[plan_->outputs[output]], outs[output].Frames(done, count));
    }
    for (size_t i = 0; i < control_outs.size(); ++i) {
      std::ranges::copy(edges_[plan_->control_outputs[i].edge].channel(0),
                        control_outs[i].begin() + done);
    }
    position_ += count;
    done += count;
  }
}

void Engine::PlaceEdges(std::span<const ConstBlock> ins, std::span<const Block> outs,
                        std::span<const std::span<const float>> control_ins, int first, int count) {
  float* const silence = memory_.data() + buffers_.num_channels() * kMaxFrames;
  for (size_t e = 0; e < edges_.size(); ++e) {
    const auto& place = buffers_.place(static_cast<int>(e));
    const int channels = plan_->edges[e].num_channels;
    switch (place.kind) {
      case BufferLayout::Place::Kind::kInput:
        // Inputs are only ever read: mutators copy them first.
        edges_[e] = ins.empty() ? Block(silence, channels, count, kMaxFrames)
                                : Block(const_cast<float*>(ins[place.index].data()) + first,
                                        channels, count, ins[place.index].channel_stride());
        break;
      case BufferLayout::Place::Kind::kControlInput:
        edges_[e] =
            Block(const_cast<float*>(control_ins[place.index].data()) + first, 1, count, count);
        break;
      case BufferLayout::Place::Kind::kOutput:
        edges_[e] = outs[place.index].Frames(first, count);
        break;
      case BufferLayout::Place::Kind::kInternal:
        edges_[e] = Block(memory_.data() + place.index * kMaxFrames, channels, count, kMaxFrames);
        break;
    }
  }
}

void Engine::RunSteps(int num_frames) {
  auto node = nodes_.begin();
  auto delay = delays_.begin();
  for (const Plan::Step& step : plan_->steps) {
    switch (step.kind) {
      case Plan::Step::Kind::kNode:
        node->Run(edges_, scratch_, position_ - step.input_latency_frames, EndOf(step), num_frames);
        ++node;
        break;
      case Plan::Step::Kind::kDelay:
        delay->Process(edges_[step.inputs[0]], edges_[step.outputs[0]]);
        ++delay;
        break;
      case Plan::Step::Kind::kLoopRead:
        loops_[step.loop].Read(edges_[step.outputs[0]]);
        break;
      case Plan::Step::Kind::kLoopWrite:
        loops_[step.loop].Write(edges_[step.inputs[0]]);
        break;
    }
  }
}

int64_t Engine::EndOf(const Plan::Step& step) const {
  if (step.inputs.empty()) return step.layout.length_frames.value_or(kUnknownEnd);
  const Plan::Edge& clip = plan_->edges[step.inputs[0]];
  const std::optional<int64_t> end = clip.own_end ? clip.length_frames : end_;
  return end.has_value() ? *end + clip.tail_frames : kUnknownEnd;
}

absl::Status Engine::SetControl(absl::string_view node, absl::string_view parameter, double value,
                                std::optional<int64_t> start_frame) {
  v1::ControlSignal signal;
  signal.set_constant(value);
  return SetControl(node, parameter, signal, start_frame);
}

absl::Status Engine::SetControl(absl::string_view node, absl::string_view parameter,
                                const v1::ControlSignal& signal,
                                std::optional<int64_t> start_frame) {
  return controls_.Set(node, parameter, signal, start_frame.value_or(position_), position_);
}

}  // namespace patchbay
