#include "processors/graph/engine.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/denormals.h"
#include "processors/core/errors.h"
#include "processors/graph/engine_state.pb.h"

namespace patchbay {

struct Engine::Step {
  const Plan::Step* plan;
  const ProcessorType* type = nullptr;  // null: an alignment delay
  std::shared_ptr<const Processor> processor;
  std::unique_ptr<State> state;
  std::optional<AlignmentDelay> delay;
  std::vector<const ControlTrack*> tracks;  // per parameter; null: fixed
  // Of the call at hand.
  std::vector<ConstBlock> ins;
  std::vector<Block> outs;
  std::vector<Control> controls;
  std::vector<std::span<float>> control_outs;
};

namespace {

// An exponent of all ones: infinite or not a number. An integer loop, so that it vectorises.
bool IsFinite(std::span<const float> samples) {
  constexpr uint32_t kExponent = 0x7f800000;
  uint32_t worst = 0;
  for (const float sample : samples) {
    worst = std::max(worst, std::bit_cast<uint32_t>(sample) & kExponent);
  }
  return worst != kExponent;
}

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

}  // namespace

Engine::~Engine() = default;

Engine::Engine(std::shared_ptr<const Plan> plan)
    : plan_(std::move(plan)), controls_(*plan_), buffers_(*plan_) {}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(std::shared_ptr<const Plan> plan) {
  std::unique_ptr<Engine> engine(new Engine(std::move(plan)));
  const Plan& p = *engine->plan_;
  size_t most_parameters = 0;
  for (const Plan::Node& node : p.nodes) {
    most_parameters = std::max(most_parameters, node.type->spec.parameters.size());
  }
  for (size_t s = 0; s < p.steps.size(); ++s) {
    Step step = {.plan = &p.steps[s]};
    if (step.plan->node >= 0) {
      const Plan::Node& node = p.nodes[step.plan->node];
      step.type = node.type;
      // States of one node share a Processor where their formats agree.
      for (const Step& other : engine->steps_) {
        if (other.plan->node == step.plan->node &&
            other.plan->format.input_channels == step.plan->format.input_channels) {
          step.processor = other.processor;
        }
      }
      if (step.processor == nullptr) {
        PATCHBAY_ASSIGN_OR_RETURN(step.processor,
                                  node.type->create(node.parameters, step.plan->format));
      }
      for (size_t i = 0; i < node.type->spec.parameters.size(); ++i) {
        step.tracks.push_back(engine->controls_.Find(step.plan->node, static_cast<int>(i)));
      }
    }
    step.ins.resize(step.plan->inputs.size());
    step.outs.resize(step.plan->outputs.size());
    step.controls.resize(step.tracks.size());
    step.control_outs.resize(step.plan->control_outputs.size());
    engine->steps_.push_back(std::move(step));
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

void Engine::Reset() {
  for (Step& step : steps_) {
    if (step.processor != nullptr) {
      step.state = static_cast<const StreamingProcessor&>(*step.processor).NewState();
    } else {
      const int channels = plan_->edges[step.plan->inputs[0]].num_channels;
      step.delay.emplace(channels, step.plan->delay_frames);
    }
  }
  controls_.Reset();
  position_ = 0;
  end_.reset();
}

absl::Status Engine::Process(std::span<const ConstBlock> ins, std::span<const Block> outs,
                             std::span<const std::span<float>> control_outs, int num_frames) {
  PATCHBAY_RETURN_IF_ERROR(CheckFinite(ins, position_));
  Advance(ins, outs, control_outs, num_frames);
  return absl::OkStatus();
}

void Engine::Drain(std::span<const Block> outs, std::span<const std::span<float>> control_outs,
                   int num_frames) {
  Advance({}, outs, control_outs, num_frames);
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
                     std::span<const std::span<float>> control_outs, int num_frames) {
  const ScopedFlushDenormals flush;
  float* const silence = memory_.data() + buffers_.num_channels() * kMaxFrames;
  for (int64_t done = 0; done < num_frames;) {
    const int count = static_cast<int>(std::min<int64_t>(kMaxFrames, num_frames - done));
    const int first = static_cast<int>(done);
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
        case BufferLayout::Place::Kind::kOutput:
          edges_[e] = outs[place.index].Frames(first, count);
          break;
        case BufferLayout::Place::Kind::kInternal:
          edges_[e] = Block(memory_.data() + place.index * kMaxFrames, channels, count, kMaxFrames);
          break;
      }
    }
    for (Step& step : steps_) RunStep(step, control_outs, done, count);
    for (const int output : buffers_.copied_outputs()) {
      Copy(edges_[plan_->outputs[output]], outs[output].Frames(first, count));
    }
    position_ += count;
    done += count;
  }
}

void Engine::RunStep(Step& step, std::span<const std::span<float>> control_outs, int64_t offset,
                     int num_frames) {
  const Plan::Step& plan = *step.plan;
  if (step.type == nullptr) {
    step.delay->Process(edges_[plan.inputs[0]], edges_[plan.outputs[0]]);
    return;
  }
  if (step.type->spec.in_place) Copy(edges_[plan.inputs[0]], edges_[plan.outputs[0]]);
  const int64_t latency = plan.inputs.empty() ? 0 : plan_->edges[plan.inputs[0]].latency_frames;
  const int64_t end = EndOf(step);
  for (int done = 0; done < num_frames;) {
    const int64_t frame = position_ + done - latency;
    const int count = CallFrames(step, frame, num_frames - done);
    for (size_t i = 0; i < plan.inputs.size(); ++i) {
      const int edge = plan.inputs[i];
      step.ins[i] = edge < 0 ? ConstBlock() : ConstBlock(edges_[edge].Frames(done, count));
    }
    for (size_t i = 0; i < plan.outputs.size(); ++i) {
      step.outs[i] = edges_[plan.outputs[i]].Frames(done, count);
    }
    if (step.type->spec.in_place) step.ins[0] = step.outs[0];
    for (size_t i = 0; i < step.tracks.size(); ++i) {
      if (step.tracks[i] == nullptr) continue;
      step.controls[i] = step.tracks[i]->Read(frame, count, scratch_[i]);
    }
    for (size_t i = 0; i < plan.control_outputs.size(); ++i) {
      step.control_outs[i] = control_outs[plan.control_outputs[i]].subspan(offset + done, count);
    }
    step.state->Process({.ins = step.ins,
                         .outs = step.outs,
                         .controls = step.controls,
                         .control_outs = step.control_outs,
                         .num_frames = count,
                         .position_frames = frame,
                         .end_frame = end});
    done += count;
  }
}

int Engine::CallFrames(const Step& step, int64_t frame, int num_frames) const {
  for (const ControlTrack* track : step.tracks) {
    if (track != nullptr) num_frames = track->CallFrames(frame, num_frames);
  }
  return num_frames;
}

int64_t Engine::EndOf(const Step& step) const {
  if (step.plan->inputs.empty()) return step.plan->layout.length_frames.value_or(kUnknownEnd);
  const Plan::Edge& clip = plan_->edges[step.plan->inputs[0]];
  const std::optional<int64_t> end = clip.from_generator ? clip.length_frames : end_;
  return end.has_value() ? *end + clip.tail_frames : kUnknownEnd;
}

absl::Status Engine::SetControl(absl::string_view node, absl::string_view parameter, double value,
                                std::optional<int64_t> start_frame) {
  return controls_.Set(node, parameter, value, start_frame.value_or(position_), position_);
}

std::string Engine::Save() {
  internal::EngineState saved;
  saved.set_position_frames(position_);
  if (end_.has_value()) saved.set_end_frame(*end_);
  for (Step& step : steps_) {
    if (step.state != nullptr) {
      *saved.add_states() = step.state->Save();
    } else {
      StateArchive archive = StateArchive::Saving(saved.add_states());
      step.delay->Archive(archive);
    }
  }
  for (int i = 0; i < controls_.size(); ++i) {
    auto& segments = *saved.add_tracks()->mutable_segments();
    for (const ControlTrack::Segment& segment : controls_.track(i).segments()) {
      auto* const s = segments.Add();
      s->set_start_frame(segment.start_frame);
      s->set_from(segment.from);
      s->set_to(segment.to);
    }
  }
  return saved.SerializeAsString();
}

absl::Status Engine::Load(absl::string_view bytes) {
  internal::EngineState saved;
  const bool fits = saved.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
                    saved.states_size() == static_cast<int>(steps_.size()) &&
                    saved.tracks_size() == controls_.size() && saved.position_frames() >= 0;
  if (!fits) return absl::InvalidArgumentError("the saved state is of another description");
  Reset();
  for (size_t i = 0; i < steps_.size(); ++i) {
    const std::string& state = saved.states(static_cast<int>(i));
    if (steps_[i].state != nullptr) {
      PATCHBAY_RETURN_IF_ERROR(steps_[i].state->Load(state));
    } else {
      StateArchive archive = StateArchive::Loading(state);
      steps_[i].delay->Archive(archive);
      PATCHBAY_RETURN_IF_ERROR(archive.Finish());
    }
  }
  for (int i = 0; i < controls_.size(); ++i) {
    std::vector<ControlTrack::Segment> segments;
    for (const auto& s : saved.tracks(i).segments()) {
      segments.push_back({s.start_frame(), s.from(), s.to()});
    }
    PATCHBAY_RETURN_IF_ERROR(controls_.track(i).Restore(std::move(segments)));
  }
  position_ = saved.position_frames();
  if (saved.has_end_frame()) end_ = saved.end_frame();
  return absl::OkStatus();
}

}  // namespace patchbay
