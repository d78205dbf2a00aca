#include "processors/graph/bridge.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/denormals.h"
#include "processors/core/errors.h"
#include "processors/graph/control_signal_proto.h"

namespace patchbay {
namespace {

// What one lane computes before the others get their turn.
constexpr int kTurnFrames = 16 * kMaxFrames;

}  // namespace

// The State of one clip, and what it was told last.
struct Bridge::ResizingLane {
  std::unique_ptr<ResizingState> state;
  FrameQueue out;
  int64_t position = 0;
  std::vector<float> held;        // per parameter
  std::vector<Control> controls;  // of the call at hand
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
  PATCHBAY_RETURN_IF_ERROR(bridge->Open());
  return bridge;
}

absl::Status Bridge::Open() {
  const ProcessorSpec& spec = node_.type->spec;
  const Parameters& parameters = node_.parameters[0];
  for (const auto& [parameter, streams] : controls_) {
    if (streams.size() == 1 || streams.size() == inputs_.size()) continue;
    return InvalidArgument(
        absl::StrCat(node_.name, ".", spec.parameters[parameter].name, " has ", streams.size(),
                     " control signals for ", inputs_.size(), " clips: give one, or one for each"),
        {.path = node_.name});
  }
  const int rate = inputs_.empty() ? 0 : inputs_[0]->lane().sample_rate_hz;
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
  // A node that takes all clips at once has one call, others one for each.
  const size_t num_calls = spec.inputs[0].repeated ? 1 : inputs_.size();
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
    PATCHBAY_ASSIGN_OR_RETURN(const Layout layout, node_.type->plan(parameters, format));
    PATCHBAY_ASSIGN_OR_RETURN(std::shared_ptr<const Processor> processor,
                              node_.type->create(parameters, format));
    if (spec.timing == Timing::kResizing) {
      lanes_.push_back({.num_channels = layout.output_channels[0],
                        .sample_rate_hz = layout.output_sample_rate_hz > 0
                                              ? layout.output_sample_rate_hz
                                              : format.sample_rate_hz});
      const auto& resizing = static_cast<const ResizingProcessor&>(*processor);
      resizing_.push_back(std::make_unique<ResizingLane>(
          ResizingLane{.state = resizing.NewState(),
                       .out = FrameQueue(layout.output_channels[0]),
                       .held = std::vector<float>(spec.parameters.size()),
                       .controls = std::vector<Control>(spec.parameters.size())}));
    }
    processors_.push_back(std::move(processor));
  }
  return absl::OkStatus();
}

absl::Status Bridge::Work(const Streams& outputs, const Progress& progress, bool& did_something) {
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
    PATCHBAY_RETURN_IF_ERROR(ResizeSome(lane, resizing_[lane]->out, *outputs[lane], did_something));
    all_ended = all_ended && resizing_[lane]->has_ended;
  }
  is_done_ = all_ended;
  return absl::OkStatus();
}

int Bridge::CallFrames(const ResizingLane& lane, size_t index, int available) const {
  int count = std::min(available, kMaxFrames);
  for (size_t i = 0; i < tracks_.size(); ++i) {
    const auto control = controls_.find(static_cast<int>(i));
    if (control == controls_.end()) {
      count = tracks_[i].CallFrames(lane.position, count);
    } else {
      const Streams& streams = control->second;
      ClipStream& stream = *streams[streams.size() == 1 ? 0 : index];
      const int64_t next = FloorToControlFrames(lane.position) + kControlFrames;
      count = static_cast<int>(std::min<int64_t>(count, next - lane.position));
      if (!stream.has_ended()) count = std::min(count, stream.queue(taker_)->num_frames());
    }
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
    const int count = CallFrames(lane, index, in.num_frames());
    const bool is_last = inputs_[index]->has_ended() && count == in.num_frames();
    if (count == 0 && !is_last) return absl::OkStatus();
    for (size_t i = 0; i < specs.size(); ++i) {
      if (specs[i].rate == Rate::kFixed) continue;
      const auto control = controls_.find(static_cast<int>(i));
      if (control == controls_.end()) {
        lane.controls[i] = tracks_[i].Read(lane.position, std::max(count, 1), values);
        continue;
      }
      const Streams& streams = control->second;
      FrameQueue& queue = *streams[streams.size() == 1 ? 0 : index]->queue(taker_);
      if (queue.num_frames() > 0 && lane.position % kControlFrames == 0) {
        lane.held[i] =
            std::clamp(queue.Front(1).channel(0)[0], static_cast<float>(specs[i].minimum),
                       static_cast<float>(specs[i].maximum));
      }
      queue.Pop(std::min(count, queue.num_frames()));
      lane.controls[i] = lane.held[i];
    }
    PATCHBAY_RETURN_IF_ERROR(lane.state->Process({.in = in.Front(count),
                                                  .controls = lane.controls,
                                                  .position_frames = lane.position,
                                                  .is_last = is_last,
                                                  .out = scratch}));
    in.Pop(count);
    lane.position += count;
    output.Append(scratch.Front(scratch.num_frames()));
    scratch.Pop(scratch.num_frames());
    did_something = true;
    done += count;
    lane.has_ended = is_last;
    if (is_last) output.End();
  }
  return absl::OkStatus();
}

Clip Bridge::TakeClip(size_t lane) const {
  FrameQueue& queue = InputQueue(lane);
  Clip clip(inputs_[lane]->lane().sample_rate_hz, queue.num_channels(), queue.num_frames());
  Copy(queue.Front(queue.num_frames()), clip.Frames(0, queue.num_frames()));
  queue = FrameQueue(queue.num_channels());
  return clip;
}

absl::Status Bridge::RunWhole(const Progress& progress) {
  const bool takes_all = node_.type->spec.inputs[0].repeated;
  for (size_t call = 0; call < processors_.size(); ++call) {
    std::vector<Clip> clips;
    for (size_t i = call; i < (takes_all ? inputs_.size() : call + 1); ++i) {
      clips.push_back(TakeClip(i));
    }
    const auto share = [&](double fraction) {
      return progress((static_cast<double>(call) + fraction) /
                      static_cast<double>(processors_.size()));
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
  const int rate = inputs_.empty() ? 0 : inputs_[0]->lane().sample_rate_hz;
  PATCHBAY_ASSIGN_OR_RETURN(const auto curve, FromProto(signal, spec, path, rate));
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
