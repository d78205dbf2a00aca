#include "processors/graph/bridge.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/denormals.h"
#include "processors/core/errors.h"
#include "processors/graph/control_signal_proto.h"

namespace patchbay {
namespace {

// What one lane computes before the others get their turn: even a slow one some milliseconds.
constexpr int kTurnFrames = 4 * kMaxFrames;

}  // namespace

// The State of one clip, and what it was told last.
struct Bridge::ResizingLane {
  std::unique_ptr<ResizingState> state;
  FrameQueue out;
  std::map<int, ControlReader> readers;  // by parameter that is controlled
  std::vector<float> held;               // per parameter
  std::vector<Control> controls;         // of the call at hand
  int64_t position = 0;
  bool has_ended = false;
};

Bridge::~Bridge() = default;

Bridge::Bridge(int n, const Graph::Node& node, Streams inputs, std::map<int, Streams> controls)
    : taker_{Taker::Kind::kBridge, n},
      node_(node),
      inputs_(std::move(inputs)),
      controls_(std::move(controls)) {}

absl::StatusOr<std::unique_ptr<Bridge>> Bridge::Create(int n, const Graph::Node& node,
                                                       Streams inputs,
                                                       std::map<int, Streams> controls) {
  std::unique_ptr<Bridge> bridge(new Bridge(n, node, std::move(inputs), std::move(controls)));
  PATCHBAY_RETURN_IF_ERROR(bridge->PlanAll());
  return bridge;
}

absl::Status Bridge::PlanAll() {
  const ProcessorSpec& spec = node_.type->spec;
  const Parameters& parameters = node_.parameters[0];
  for (const auto& [parameter, streams] : controls_) {
    if (streams.size() == 1 || streams.size() == inputs_.size()) continue;
    return InvalidArgument(
        absl::StrCat(node_.name, ".", spec.parameters[parameter].name, " has ", streams.size(),
                     " control signals for ", inputs_.size(), " clips: give one, or one for each"),
        {.path = node_.name});
  }
  const int rate = SampleRateHz();
  for (const ParameterSpec& parameter : spec.parameters) {
    const int index = spec.FindParameter(parameter.name);
    ControlTrack::CurvePtr curve;
    if (const auto found = node_.curves.find(index); found != node_.curves.end()) {
      PATCHBAY_ASSIGN_OR_RETURN(
          curve,
          FromProto(found->second, parameter, absl::StrCat(node_.name, ".", parameter.name), rate));
    }
    const double initial = parameter.rate == Rate::kFixed ? 0 : parameters.number(parameter.name);
    tracks_.emplace_back(parameter, initial, std::move(curve), rate);
  }
  // A node that takes all clips at once has one call, others one for each. Without clips, such as
  // when a chopper has found nothing, there is none, and nothing comes out.
  const size_t num_calls =
      spec.inputs[0].repeated ? std::min<size_t>(inputs_.size(), 1) : inputs_.size();
  for (size_t i = 0; i < num_calls; ++i) {
    StreamFormat format = {.sample_rate_hz = inputs_[i]->lane().sample_rate_hz};
    for (size_t j = i; j < (spec.inputs[0].repeated ? inputs_.size() : i + 1); ++j) {
      const Lane& lane = inputs_[j]->lane();
      if (lane.sample_rate_hz != format.sample_rate_hz) {
        return InvalidArgument(
            absl::StrCat(node_.name, " has inputs of ", lane.sample_rate_hz, " Hz and ",
                         format.sample_rate_hz, " Hz: resample one of them"),
            {.path = node_.name});
      }
      format.input_channels.push_back(lane.num_channels);
    }
    PATCHBAY_ASSIGN_OR_RETURN(Layout layout, node_.type->plan(parameters, format));
    if (spec.timing == Timing::kResizing) {
      lanes_.push_back({.num_channels = layout.output_channels[0],
                        .sample_rate_hz = layout.output_sample_rate_hz > 0
                                              ? layout.output_sample_rate_hz
                                              : format.sample_rate_hz});
    }
    layouts_.push_back(std::move(layout));
    formats_.push_back(std::move(format));
  }
  return absl::OkStatus();
}

absl::Status Bridge::Start() {
  is_started_ = true;
  const ProcessorSpec& spec = node_.type->spec;
  for (size_t i = 0; i < formats_.size(); ++i) {
    PATCHBAY_ASSIGN_OR_RETURN(std::shared_ptr<const Processor> processor,
                              node_.type->create(node_.parameters[0], formats_[i]));
    if (spec.timing == Timing::kResizing) {
      auto lane = std::make_unique<ResizingLane>(
          ResizingLane{.state = static_cast<const ResizingProcessor&>(*processor).NewState(),
                       .out = FrameQueue(lanes_[i].num_channels),
                       .held = std::vector<float>(spec.parameters.size()),
                       .controls = std::vector<Control>(spec.parameters.size())});
      for (const auto& [parameter, streams] : controls_) {
        ClipStream& stream = *streams[streams.size() == 1 ? 0 : i];
        // Clips that share a signal read it each at their own pace.
        FrameQueue& values =
            streams.size() == 1 && i > 0 ? stream.AddQueue(taker_) : *stream.queue(taker_);
        lane->readers.emplace(parameter, ControlReader(stream, values, formats_[i].sample_rate_hz));
      }
      resizing_.push_back(std::move(lane));
    }
    processors_.push_back(std::move(processor));
  }
  return absl::OkStatus();
}

absl::Status Bridge::Work(const Streams& outputs, const NodeProgress& progress,
                          bool& did_something) {
  if (is_done_) return absl::OkStatus();
  const ScopedFlushDenormals flush;
  if (node_.type->spec.timing == Timing::kWholeClip) {
    const bool complete =
        std::ranges::all_of(inputs_, [](const ClipStream* s) { return s->has_ended(); });
    if (!complete) return absl::OkStatus();
    did_something = true;
    is_done_ = true;
    return RunWhole(progress);
  }
  bool all_ended = true;
  for (size_t lane = 0; lane < resizing_.size(); ++lane) {
    const int64_t before = resizing_[lane]->position;
    PATCHBAY_RETURN_IF_ERROR(ResizeSome(lane, resizing_[lane]->out, *outputs[lane], did_something));
    if (resizing_[lane]->position > before) PATCHBAY_RETURN_IF_ERROR(progress(WorkSoFar()));
    all_ended = all_ended && resizing_[lane]->has_ended;
  }
  is_done_ = all_ended;
  return absl::OkStatus();
}

int Bridge::CallFrames(const ResizingLane& lane, int available) const {
  int count = std::min(available, kMaxFrames);
  for (size_t i = 0; i < tracks_.size(); ++i) {
    if (lane.readers.count(static_cast<int>(i)) > 0) continue;
    count = tracks_[i].CallFrames(lane.position, count);
  }
  for (const auto& [parameter, reader] : lane.readers) {
    const int64_t next = FloorToControlFrames(lane.position) + kControlFrames;
    count = static_cast<int>(std::min<int64_t>(count, next - lane.position));
    count = std::min(count, reader.num_available());
  }
  return count;
}

absl::Status Bridge::ResizeSome(size_t index, FrameQueue& scratch, ClipStream& output,
                                bool& did_something) {
  ResizingLane& lane = *resizing_[index];
  FrameQueue& in = InputQueue(index);
  const std::vector<ParameterSpec>& specs = node_.type->spec.parameters;
  std::vector<float> values(kMaxFrames);
  for (int done = 0; done < kTurnFrames && !lane.has_ended;) {
    const int count = CallFrames(lane, in.num_frames());
    const bool is_last = inputs_[index]->has_ended() && count == in.num_frames();
    if (count == 0 && !is_last) return absl::OkStatus();
    for (size_t i = 0; i < specs.size(); ++i) {
      if (specs[i].rate == Rate::kFixed) continue;
      const auto reader = lane.readers.find(static_cast<int>(i));
      if (reader == lane.readers.end()) {
        lane.controls[i] = tracks_[i].Read(lane.position, std::max(count, 1), values);
        continue;
      }
      if (lane.position % kControlFrames == 0) {
        lane.held[i] = std::clamp(reader->second.value(), static_cast<float>(specs[i].minimum),
                                  static_cast<float>(specs[i].maximum));
      }
      reader->second.Skip(count);
      lane.controls[i] = lane.held[i];
    }
    PATCHBAY_RETURN_IF_ERROR(lane.state->Process({.in = in.Front(count),
                                                  .controls = lane.controls,
                                                  .position_frames = lane.position,
                                                  .is_last = is_last,
                                                  .out = scratch}));
    in.Pop(count);
    lane.position += count;
    while (const int ready = scratch.num_ready()) {
      output.Append(scratch.Front(ready));
      scratch.Pop(ready);
    }
    did_something = true;
    done += count;
    lane.has_ended = is_last;
    if (is_last) output.End();
  }
  return absl::OkStatus();
}

NodeWork Bridge::WorkSoFar() const {
  NodeWork work = {.node = node_.name};
  int64_t all = 0;
  bool is_known = true;
  for (size_t i = 0; i < resizing_.size(); ++i) {
    const int64_t position = resizing_[i]->position;
    work.frames = std::max(work.frames, position);
    all = std::max(all, position + InputQueue(i).num_frames());
    is_known = is_known && inputs_[i]->has_ended();
  }
  if (is_known && all > 0) work.fraction = static_cast<double>(work.frames) / all;
  return work;
}

std::vector<LiveControls::Entry> Bridge::LiveParameters() const {
  std::vector<LiveControls::Entry> entries;
  for (size_t i = 0; i < tracks_.size(); ++i) {
    const ParameterSpec& spec = node_.type->spec.parameters[i];
    if (spec.rate == Rate::kFixed || controls_.count(static_cast<int>(i)) > 0) continue;
    entries.push_back({.node = node_.name, .parameter = spec.name, .value = tracks_[i].target()});
  }
  return entries;
}

absl::StatusOr<Clip> Bridge::TakeClip(size_t lane, const NodeProgress& progress) const {
  FrameQueue& queue = InputQueue(lane);
  if (std::optional<Clip> whole = queue.TakeClip()) return *std::move(whole);
  Clip clip(inputs_[lane]->lane().sample_rate_hz, queue.num_channels(), queue.num_frames());
  for (int64_t done = 0; done < clip.num_frames();) {
    const int count = std::min(queue.num_ready(), kTurnFrames);
    Copy(queue.Front(count), clip.Frames(done, count));
    queue.Pop(count);
    done += count;
    PATCHBAY_RETURN_IF_ERROR(
        progress({.node = node_.name, .fraction = 0, .frames = clip.num_frames()}));
  }
  return clip;
}

absl::Status Bridge::RunWhole(const NodeProgress& progress) {
  const bool takes_all = node_.type->spec.inputs[0].repeated;
  for (size_t call = 0; call < processors_.size(); ++call) {
    std::vector<Clip> clips;
    for (size_t i = call; i < (takes_all ? inputs_.size() : call + 1); ++i) {
      PATCHBAY_ASSIGN_OR_RETURN(Clip clip, TakeClip(i, progress));
      clips.push_back(std::move(clip));
    }
    const int64_t frames = clips.empty() ? 0 : clips[0].num_frames();
    const auto share = [&](double fraction) {
      return progress({.node = node_.name,
                       .fraction = (static_cast<double>(call) + fraction) /
                                   static_cast<double>(processors_.size()),
                       .frames = frames});
    };
    PATCHBAY_RETURN_IF_ERROR(share(0));
    PATCHBAY_ASSIGN_OR_RETURN(
        std::vector<Clip> more,
        static_cast<const ClipProcessor&>(*processors_[call]).Run(std::move(clips), share));
    std::ranges::move(more, std::back_inserter(results_));
  }
  return absl::OkStatus();
}

int64_t Bridge::num_bytes() const {
  int64_t samples = 0;
  for (const Clip& clip : results_) samples += clip.num_frames() * clip.num_channels();
  return samples * static_cast<int64_t>(sizeof(float));
}

absl::Status Bridge::SetControl(int parameter, const v1::ControlSignal& signal,
                                std::optional<int64_t> start_frame) {
  const ParameterSpec& spec = node_.type->spec.parameters[parameter];
  const std::string path = absl::StrCat(node_.name, ".", spec.name);
  if (spec.rate == Rate::kFixed || controls_.count(parameter) > 0) {
    return InvalidArgument(absl::StrCat(path, " is fixed, or controlled by another node"),
                           {.path = path});
  }
  PATCHBAY_ASSIGN_OR_RETURN(const auto curve, FromProto(signal, spec, path, SampleRateHz()));
  int64_t position = 0;
  for (const auto& lane : resizing_) position = std::max(position, lane->position);
  const int64_t start = start_frame.value_or(position);
  if (start < position) {
    return absl::OutOfRangeError(absl::StrCat(path, " was set at frame ", start, ", but frame ",
                                              position, " is the next to be computed"));
  }
  if (signal.has_constant()) {
    return tracks_[parameter].Set(signal.constant(), start, position);
  }
  return tracks_[parameter].Set(curve, start, position);
}

}  // namespace patchbay
