#include "processors/graph/node_step.h"

#include <algorithm>
#include <utility>

namespace patchbay {

NodeStep::NodeStep(const Plan& plan, const Plan::Step& step,
                   std::shared_ptr<const Processor> processor, LiveControls& controls)
    : step_(step),
      in_place_(plan.nodes[step.node].type->spec.in_place),
      takes_held_controls_(plan.nodes[step.node].type->spec.takes_held_controls),
      processor_(std::move(processor)),
      ins_(step.inputs.size()),
      outs_(step.outputs.size()),
      control_outs_(step.control_outputs.size()) {
  const std::vector<ParameterSpec>& parameters = plan.nodes[step.node].type->spec.parameters;
  for (int i = 0; i < static_cast<int>(parameters.size()); ++i) {
    Source source = {.rate = parameters[i].rate,
                     .track = controls.Find(step.node, i),
                     .minimum = static_cast<float>(parameters[i].minimum),
                     .maximum = static_cast<float>(parameters[i].maximum)};
    if (const auto edge = step.controls.find(i); edge != step.controls.end()) {
      source.edge = edge->second;
    }
    sources_.push_back(source);
  }
  controls_.resize(sources_.size());
  Reset();
}

void NodeStep::Reset() {
  state_ = static_cast<const StreamingProcessor&>(*processor_).NewState();
  is_new_ = true;
}

void NodeStep::Run(std::span<const Block> edges, std::span<const std::span<float>> scratch,
                   int64_t frame, int64_t end, int num_frames) {
  if (in_place_) Copy(edges[step_.inputs[0]], edges[step_.outputs[0]]);
  for (int done = 0; done < num_frames;) {
    const int count = CallFrames(frame + done, num_frames - done);
    for (size_t i = 0; i < ins_.size(); ++i) {
      const int edge = step_.inputs[i];
      ins_[i] = edge < 0 ? ConstBlock() : ConstBlock(edges[edge].Frames(done, count));
    }
    for (size_t i = 0; i < outs_.size(); ++i) {
      outs_[i] = edges[step_.outputs[i]].Frames(done, count);
    }
    if (in_place_) ins_[0] = outs_[0];
    for (size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i].rate == Rate::kFixed) continue;
      controls_[i] = Read(sources_[i], edges, done, frame + done, count, scratch[i]);
    }
    for (size_t i = 0; i < control_outs_.size(); ++i) {
      control_outs_[i] = edges[step_.control_outputs[i]].channel(0).subspan(done, count);
    }
    state_->Process({.ins = ins_,
                     .outs = outs_,
                     .controls = controls_,
                     .control_outs = control_outs_,
                     .num_frames = count,
                     .position_frames = frame + done,
                     .end_frame = end});
    is_new_ = false;
    done += count;
  }
}

int NodeStep::CallFrames(int64_t frame, int num_frames) const {
  if (takes_held_controls_) return num_frames;
  for (const Source& source : sources_) {
    if (source.track != nullptr) num_frames = source.track->CallFrames(frame, num_frames);
    if (source.edge >= 0 && source.rate == Rate::kBlock) {
      const int64_t next = FloorToControlFrames(frame) + kControlFrames;
      num_frames = static_cast<int>(std::min<int64_t>(num_frames, next - frame));
    }
  }
  return num_frames;
}

Control NodeStep::Read(Source& source, std::span<const Block> edges, int offset, int64_t frame,
                       int count, std::span<float> scratch) const {
  if (source.track != nullptr) {
    return source.rate == Rate::kBlock ? source.track->ReadHeld(frame, count, scratch)
                                       : source.track->Read(frame, count, scratch);
  }
  const float* const values = edges[source.edge].channel(0).data() + offset;
  if (source.rate == Rate::kBlock) return ReadHeld(source, values, frame, count, scratch);
  const float minimum = source.minimum;
  const float maximum = source.maximum;
  float* const clamped = scratch.data();
  for (int i = 0; i < count; ++i) {
    const float low = values[i] < minimum ? minimum : values[i];
    clamped[i] = low > maximum ? maximum : low;
  }
  return Control(std::span<const float>(clamped, count));
}

Control NodeStep::ReadHeld(Source& source, const float* values, int64_t frame, int count,
                           std::span<float> scratch) const {
  for (int done = 0; done < count;) {
    const int64_t last_reading = FloorToControlFrames(frame + done);
    if (last_reading == frame + done || (is_new_ && done == 0)) {
      source.held = std::clamp(values[done], source.minimum, source.maximum);
    }
    const int held = static_cast<int>(
        std::min<int64_t>(count - done, last_reading + kControlFrames - frame - done));
    if (held == count) return source.held;
    std::ranges::fill(scratch.subspan(done, held), source.held);
    done += held;
  }
  return Control(std::span<const float>(scratch.first(count)));
}

void NodeStep::ArchiveHeld(StateArchive& archive) {
  int is_new = is_new_ ? 1 : 0;
  archive.Index(is_new, 2);
  is_new_ = is_new != 0;
  for (Source& source : sources_) {
    if (source.edge >= 0 && source.rate == Rate::kBlock) archive.Value(source.held);
  }
}

std::string NodeStep::Save() {
  std::string bytes;
  StateArchive archive = StateArchive::Saving(&bytes);
  ArchiveHeld(archive);
  return bytes + state_->Save();
}

absl::Status NodeStep::Load(absl::string_view bytes) {
  // The held values come first, and have a fixed length.
  const size_t held = Save().size() - state_->Save().size();
  if (bytes.size() < held) return absl::InvalidArgumentError("the saved state is too short");
  StateArchive archive = StateArchive::Loading(bytes.substr(0, held));
  ArchiveHeld(archive);
  const absl::Status status = archive.Finish();
  if (!status.ok()) return status;
  for (const Source& source : sources_) {
    const bool is_held = source.edge >= 0 && source.rate == Rate::kBlock && !is_new_;
    if (is_held && (source.held < source.minimum || source.held > source.maximum)) {
      return absl::InvalidArgumentError("a saved control value is out of its range");
    }
  }
  return state_->Load(bytes.substr(held));
}

}  // namespace patchbay
