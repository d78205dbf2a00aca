#include "server/session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "server/protobuf_time.h"
#include "server/sample_codec.h"

namespace patchbay {
namespace {

// What a session generates or drains at a time.
constexpr int kGeneratedChunkBytes = 256 << 10;

}  // namespace

v1::Statistics SessionStatistics::ToProto() const {
  v1::Statistics statistics;
  statistics.set_frames(frames.load(std::memory_order_relaxed));
  statistics.set_chunks(chunks.load(std::memory_order_relaxed));
  *statistics.mutable_queue_time() = ToProtoDuration(absl::Nanoseconds(queue_ns.load()));
  *statistics.mutable_compute_time() = ToProtoDuration(absl::Nanoseconds(compute_ns.load()));
  *statistics.mutable_transport_time() = ToProtoDuration(absl::Nanoseconds(transport_ns.load()));
  return statistics;
}

Session::Session(SessionPlan plan, const Limits& limits, WorkerPool& pool)
    : plan_(std::move(plan)),
      info_(ToStreamInfo(plan_, limits)),
      strand_(std::make_shared<Strand>(pool)),
      limits_(limits),
      inputs_(plan_.inputs.begin(), plan_.inputs.end()),
      output_frames_(info_.outputs_size()),
      total_sent_(info_.outputs_size()) {}

absl::StatusOr<std::shared_ptr<Session>> Session::Open(const v1::SessionConfig& config,
                                                       const Limits& limits, WorkerPool& pool) {
  PATCHBAY_ASSIGN_OR_RETURN(SessionPlan plan, ResolveConfig(config, limits));
  std::shared_ptr<Session> session(new Session(std::move(plan), limits, pool));
  if (session->plan_.is_staged) {
    PATCHBAY_RETURN_IF_ERROR(session->Reset());
  } else {
    PATCHBAY_ASSIGN_OR_RETURN(session->streaming_, StreamingRun::Create(session->plan_));
  }
  return session;
}

v1::Report Session::MakeReport() const { return ToReport(plan_, statistics_.ToProto()); }

std::vector<int64_t> Session::total_received() const {
  std::vector<int64_t> totals;
  for (const InputQueue& input : inputs_) totals.push_back(input.total_frames());
  return totals;
}

v1::Ready Session::MakeReady(const std::string& name) const {
  v1::Ready ready;
  ready.set_session(name);
  *ready.mutable_info() = info_;
  ready.set_position_frames(position_frames());
  for (const InputQueue& input : inputs_) ready.add_input_frames(input.received_frames());
  if (streaming_ == nullptr) return ready;
  ready.mutable_info()->clear_controls();
  for (const LiveControls::Entry& entry : streaming_->engine().controls()) {
    v1::LiveControl* const control = ready.mutable_info()->add_controls();
    control->set_node(entry.node);
    control->set_parameter(entry.parameter);
    control->set_value(entry.value);
  }
  return ready;
}

absl::Status Session::TakeAudio(const IncomingAudio& audio, Replies& replies) {
  const int num_inputs = static_cast<int>(inputs_.size());
  if (audio.stream() < 0 || audio.stream() >= num_inputs) {
    return InvalidArgument(
        absl::StrCat("audio came for input ", audio.stream(), "; there are ", num_inputs,
                     num_inputs == 0 ? ": send pull instead" : ", counted from 0"),
        {.path = "audio.stream", .value = absl::StrCat(audio.stream())});
  }
  InputQueue& input = inputs_[audio.stream()];
  const int frames = input.FramesIn(audio);
  if (streaming_ != nullptr && streaming_->takes_messages() && frames > 0) {
    PATCHBAY_RETURN_IF_ERROR(input.Pass(audio));
    const absl::Status status = streaming_->PushMessage(audio, frames, progress_, replies);
    CountStreaming();
    return GiveBack(status);
  }
  PATCHBAY_RETURN_IF_ERROR(input.Push(audio));
  return ComputeQueued(replies);
}

absl::Status Session::GiveBack(absl::Status status) {
  if (status.ok()) return status;
  for (InputQueue& input : inputs_) input.GiveBackFrom(position_frames());
  return status;
}

absl::Status Session::ComputeQueued(Replies& replies) {
  int available = inputs_[0].num_frames();
  for (const InputQueue& input : inputs_) available = std::min(available, input.num_frames());
  std::vector<ConstBlock> ins(inputs_.size());
  while (available > 0) {
    const int count = std::min(available, ChunkFrames(info_.max_chunk_bytes()));
    for (size_t i = 0; i < inputs_.size(); ++i) ins[i] = inputs_[i].Front(count);
    PATCHBAY_RETURN_IF_ERROR(GiveBack(Compute(ins, count, replies)));
    for (InputQueue& input : inputs_) input.Pop(count);
    available -= count;
  }
  return absl::OkStatus();
}

// Frames of every output that fit `bytes`.
int Session::ChunkFrames(int bytes) const {
  int widest = 1;
  for (const v1::AudioFormat& output : info_.outputs()) {
    widest = std::max(widest, FrameBytes(output.encoding(), output.num_channels()));
  }
  return std::max(1, bytes / std::max<int>(widest, sizeof(float)));
}

absl::Status Session::Compute(std::span<const ConstBlock> ins, int num_frames, Replies& replies) {
  if (streaming_ != nullptr) {
    const absl::Status status = streaming_->Push(ins, num_frames, progress_, replies);
    CountStreaming();
    return status;
  }
  PATCHBAY_RETURN_IF_ERROR(staged_->Push(ins, num_frames));
  const absl::Status status = staged_->WorkOff(progress_, replies);
  Count(position_frames() + num_frames, staged_->output_frames());
  return status;
}

void Session::CountStreaming() {
  Count(streaming_->engine().position_frames(),
        std::vector<int64_t>(output_frames_.size(), streaming_->output_frames()));
}

void Session::Count(int64_t position, const std::vector<int64_t>& output_frames) {
  total_sent_.resize(std::max(total_sent_.size(), output_frames.size()));
  output_frames_.resize(output_frames.size());
  for (size_t o = 0; o < output_frames.size(); ++o) {
    total_sent_[o] += output_frames[o] - output_frames_[o];
    output_frames_[o] = output_frames[o];
  }
  statistics_.frames.fetch_add(position - position_frames(), std::memory_order_relaxed);
  position_.store(position, std::memory_order_relaxed);
}

absl::Status Session::SetControl(const v1::ControlChange& change) {
  if (change.signal().signal_case() == v1::ControlSignal::SIGNAL_NOT_SET) {
    return InvalidArgument(absl::StrCat(change.parameter(), ": the control change has no value"),
                           {.path = "control.signal"});
  }
  std::optional<int64_t> start;
  if (change.has_start_frame()) start = change.start_frame();
  if (staged_ != nullptr) {
    return staged_->pipeline().SetControl(change.node(), change.parameter(), change.signal(),
                                          start);
  }
  return streaming_->engine().SetControl(change.node(), change.parameter(), change.signal(), start);
}

absl::Status Session::PullChunk(int64_t& remaining, Replies& replies) {
  if (!inputs_.empty()) {
    return absl::InvalidArgumentError("pull is for sessions without inputs: send audio instead");
  }
  if (streaming_ != nullptr) {
    const int64_t left = streaming_->engine().frames_to_drain();
    if (left >= 0) remaining = std::min(remaining, left);
  }
  if (remaining <= 0) return absl::OkStatus();
  const int count = static_cast<int>(std::min<int64_t>(
      remaining, ChunkFrames(std::min(kGeneratedChunkBytes, info_.max_chunk_bytes()))));
  remaining -= count;
  return Compute({}, count, replies);
}

absl::StatusOr<bool> Session::FlushChunk(Replies& replies) {
  // Inputs that ended earlier than others are followed by silence.
  int longest = 0;
  for (const InputQueue& input : inputs_) longest = std::max(longest, input.num_frames());
  if (longest > 0) {
    for (InputQueue& input : inputs_) input.PadTo(longest);
    PATCHBAY_RETURN_IF_ERROR(ComputeQueued(replies));
    return false;
  }
  PATCHBAY_ASSIGN_OR_RETURN(const bool drained,
                            staged_ != nullptr ? FinishStages(replies) : DrainChunk(replies));
  if (!drained) return false;
  v1::ProcessResponse response;
  v1::Flushed* const flushed = response.mutable_flushed();
  for (const int64_t frames : output_frames_) flushed->add_output_frames(frames);
  replies.push_back(EncodeMessage(response));
  PATCHBAY_RETURN_IF_ERROR(Reset());
  return true;
}

absl::StatusOr<bool> Session::DrainChunk(Replies& replies) {
  Engine& engine = streaming_->engine();
  engine.End();
  const int64_t left = engine.frames_to_drain();
  if (left <= 0) return true;
  const int chunk = ChunkFrames(std::min(kGeneratedChunkBytes, info_.max_chunk_bytes()));
  PATCHBAY_RETURN_IF_ERROR(Compute({}, static_cast<int>(std::min<int64_t>(left, chunk)), replies));
  return false;
}

absl::StatusOr<bool> Session::FinishStages(Replies& replies) {
  // Until there is something to send: an empty turn costs as much as a full one.
  absl::StatusOr<bool> done = false;
  while (done.ok() && !*done && replies.empty()) done = staged_->Finish(progress_, replies);
  Count(position_frames(), staged_->output_frames());
  // What was stopped in the middle of a clip cannot go on.
  if (!done.ok()) PATCHBAY_RETURN_IF_ERROR(Reset());
  return done;
}

absl::Status Session::Reset() {
  if (plan_.is_staged) {
    PATCHBAY_ASSIGN_OR_RETURN(staged_, StagedRun::Create(plan_, limits_));
    output_frames_.assign(staged_->output_frames().size(), 0);
  } else {
    streaming_->engine().Reset();
    std::ranges::fill(output_frames_, 0);
  }
  for (InputQueue& input : inputs_) input.Reset();
  position_.store(0, std::memory_order_relaxed);
  return absl::OkStatus();
}

void Session::ReleaseScratch() {
  for (InputQueue& input : inputs_) input.ReleaseMemory();
}

internal::SessionState Session::SaveState() {
  internal::SessionState state;
  state.set_engine(streaming_->engine().Save());
  for (const InputQueue& input : inputs_) {
    internal::SessionState::Input* const saved = state.add_inputs();
    saved->set_received_frames(input.received_frames());
    const std::vector<float> waiting = input.Waiting();
    saved->mutable_waiting()->Assign(waiting.begin(), waiting.end());
  }
  for (const int64_t frames : output_frames_) state.add_output_frames(frames);
  return state;
}

absl::Status Session::LoadState(const internal::SessionState& state) {
  if (state.inputs_size() != static_cast<int>(inputs_.size()) ||
      state.output_frames_size() != static_cast<int>(output_frames_.size())) {
    return absl::InvalidArgumentError("the saved state is of another description");
  }
  PATCHBAY_RETURN_IF_ERROR(streaming_->engine().Load(state.engine()));
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const auto& saved = state.inputs(static_cast<int>(i));
    PATCHBAY_RETURN_IF_ERROR(inputs_[i].Restore(saved.received_frames(),
                                                {saved.waiting().begin(), saved.waiting().end()}));
  }
  output_frames_.assign(state.output_frames().begin(), state.output_frames().end());
  position_.store(streaming_->engine().position_frames(), std::memory_order_relaxed);
  return absl::OkStatus();
}

}  // namespace patchbay
