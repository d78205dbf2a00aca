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

bool IsPlanar(v1::SampleEncoding encoding) {
  return encoding == v1::SAMPLE_ENCODING_UNSPECIFIED ||
         encoding == v1::SAMPLE_ENCODING_FLOAT32_PLANAR;
}

Block Samples(const OutgoingAudio& audio, int num_channels, int num_frames) {
  return {reinterpret_cast<float*>(audio.samples), num_channels, num_frames, num_frames};
}

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

Session::Session(SessionPlan plan, const Limits& limits, std::unique_ptr<Engine> engine,
                 WorkerPool& pool)
    : plan_(std::move(plan)),
      info_(ToStreamInfo(plan_, limits)),
      strand_(std::make_shared<Strand>(pool)),
      limits_(limits),
      engine_(std::move(engine)),
      inputs_(plan_.inputs.begin(), plan_.inputs.end()),
      output_frames_(info_.outputs_size()),
      total_sent_(info_.outputs_size()) {}

absl::StatusOr<std::shared_ptr<Session>> Session::Open(const v1::SessionConfig& config,
                                                       const Limits& limits, WorkerPool& pool) {
  PATCHBAY_ASSIGN_OR_RETURN(SessionPlan plan, ResolveConfig(config, limits));
  std::unique_ptr<Engine> engine;
  if (!plan.is_staged) {
    PATCHBAY_ASSIGN_OR_RETURN(engine, Engine::Create(plan.plan));
  }
  std::shared_ptr<Session> session(new Session(std::move(plan), limits, std::move(engine), pool));
  if (session->plan_.is_staged) PATCHBAY_RETURN_IF_ERROR(session->Reset());
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
  if (engine_ == nullptr) return ready;
  ready.mutable_info()->clear_controls();
  for (const LiveControls::Entry& entry : engine_->controls()) {
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
  const bool in_place = engine_ != nullptr && engine_->works_in_place() &&
                        IsPlanar(plan_.inputs[0].encoding()) &&
                        IsPlanar(plan_.options.output_encoding()) &&
                        !plan_.options.compensate_latency() && frames > 0;
  if (in_place) {
    PATCHBAY_RETURN_IF_ERROR(input.Pass(audio));
    return ComputeInPlace(audio, frames, replies);
  }
  PATCHBAY_RETURN_IF_ERROR(input.Push(audio));
  return ComputeQueued(replies);
}

// The fast path: samples are copied once, into the reply, and processed there.
absl::Status Session::ComputeInPlace(const IncomingAudio& audio, int num_frames, Replies& replies) {
  const int64_t start = engine_->position_frames();
  const int channels = plan_.inputs[0].num_channels();
  OutgoingAudio out = EncodeAudio(AudioDirection::kResponse, 0, start, audio.num_bytes());
  audio.Copy(0, audio.num_bytes(), out.samples);
  const Block block = Samples(out, channels, num_frames);
  const ConstBlock in = block;
  PATCHBAY_RETURN_IF_ERROR(engine_->Process({&in, 1}, {&block, 1}, {}, num_frames));
  output_frames_[0] += num_frames;
  total_sent_[0] += num_frames;
  statistics_.frames.fetch_add(num_frames, std::memory_order_relaxed);
  position_.store(engine_->position_frames(), std::memory_order_relaxed);
  replies.push_back(out.Buffer());
  return absl::OkStatus();
}

absl::Status Session::ComputeQueued(Replies& replies) {
  int available = inputs_[0].num_frames();
  for (const InputQueue& input : inputs_) available = std::min(available, input.num_frames());
  std::vector<ConstBlock> ins(inputs_.size());
  while (available > 0) {
    const int count = std::min(available, ChunkFrames(info_.max_chunk_bytes()));
    for (size_t i = 0; i < inputs_.size(); ++i) ins[i] = inputs_[i].Front(count);
    PATCHBAY_RETURN_IF_ERROR(Compute(ins, count, replies));
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
  if (staged_ != nullptr) {
    const absl::Status status = staged_->Push(ins, num_frames, progress_, replies);
    CountStaged(num_frames);
    return status;
  }
  const Plan& plan = *plan_.plan;
  const int64_t start = engine_->position_frames();
  const auto hidden = [&](int64_t latency) {  // frames before the clip's first
    return static_cast<int>(std::clamp<int64_t>(latency - start, 0, num_frames));
  };
  const int skipped = plan_.options.compensate_latency() ? hidden(plan.latency_frames) : 0;

  // Planar output is computed where it is sent from.
  const bool direct = skipped == 0 && IsPlanar(plan_.options.output_encoding());
  std::vector<OutgoingAudio> messages;
  std::vector<Clip> clips;
  std::vector<Block> outs;
  for (size_t o = 0; o < plan.outputs.size(); ++o) {
    const int channels = plan.edges[plan.outputs[o]].num_channels;
    if (direct) {
      messages.push_back(EncodeAudio(AudioDirection::kResponse, static_cast<int>(o),
                                     output_frames_[o], sizeof(float) * channels * num_frames));
      outs.push_back(Samples(messages.back(), channels, num_frames));
    } else {
      clips.emplace_back(plan.sample_rate_hz, channels, num_frames);
      outs.push_back(clips.back().Frames(0, num_frames));
    }
  }
  std::vector<std::vector<float>> curves(plan.control_outputs.size(),
                                         std::vector<float>(num_frames));
  const std::vector<std::span<float>> control_outs(curves.begin(), curves.end());
  if (ins.empty()) {
    engine_->Drain(outs, control_outs, num_frames);
  } else {
    PATCHBAY_RETURN_IF_ERROR(engine_->Process(ins, outs, control_outs, num_frames));
  }
  statistics_.frames.fetch_add(num_frames, std::memory_order_relaxed);
  position_.store(engine_->position_frames(), std::memory_order_relaxed);

  const int shown = num_frames - skipped;
  for (size_t o = 0; o < outs.size() && shown > 0; ++o) {
    if (!direct) {
      const v1::AudioFormat& format = info_.outputs(static_cast<int>(o));
      const size_t bytes = size_t{1} * shown * FrameBytes(format.encoding(), format.num_channels());
      messages.push_back(
          EncodeAudio(AudioDirection::kResponse, static_cast<int>(o), output_frames_[o], bytes));
      EncodeSamples(outs[o].Frames(skipped, shown), format.encoding(),
                    {messages.back().samples, bytes});
    }
    output_frames_[o] += shown;
    total_sent_[o] += shown;
    replies.push_back(messages[o].Buffer());
  }
  for (size_t i = 0; i < curves.size(); ++i) {
    const int64_t latency = plan.control_outputs[i].latency_frames;
    const int before = hidden(latency);
    if (before == num_frames) continue;
    v1::ProcessResponse response;
    v1::ControlChunk* const chunk = response.mutable_control();
    chunk->set_stream(static_cast<int>(i));
    chunk->set_start_frame(start + before - latency);
    chunk->set_frames_per_value(1);
    chunk->set_values(curves[i].data() + before, sizeof(float) * (num_frames - before));
    replies.push_back(EncodeMessage(response));
  }
  return absl::OkStatus();
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
  return engine_->SetControl(change.node(), change.parameter(), change.signal(), start);
}

absl::Status Session::PullChunk(int64_t& remaining, Replies& replies) {
  if (!inputs_.empty()) {
    return absl::InvalidArgumentError("pull is for sessions without inputs: send audio instead");
  }
  if (engine_ != nullptr) {
    const int64_t left = engine_->frames_to_drain();
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
  engine_->End();
  const int64_t left = engine_->frames_to_drain();
  if (left <= 0) return true;
  const int chunk = ChunkFrames(std::min(kGeneratedChunkBytes, info_.max_chunk_bytes()));
  PATCHBAY_RETURN_IF_ERROR(Compute({}, static_cast<int>(std::min<int64_t>(left, chunk)), replies));
  return false;
}

absl::StatusOr<bool> Session::FinishStages(Replies& replies) {
  // Until there is something to send: an empty turn costs as much as a full one.
  bool done = false;
  while (!done && replies.empty()) {
    PATCHBAY_ASSIGN_OR_RETURN(done, staged_->Finish(progress_, replies));
  }
  CountStaged(0);
  return done;
}

void Session::CountStaged(int num_frames) {
  const std::vector<int64_t>& frames = staged_->output_frames();
  output_frames_.resize(frames.size());
  total_sent_.resize(std::max(total_sent_.size(), frames.size()));
  for (size_t o = 0; o < frames.size(); ++o) {
    total_sent_[o] += frames[o] - output_frames_[o];
    output_frames_[o] = frames[o];
  }
  statistics_.frames.fetch_add(num_frames, std::memory_order_relaxed);
  position_.fetch_add(num_frames, std::memory_order_relaxed);
}

absl::Status Session::Reset() {
  if (plan_.is_staged) {
    PATCHBAY_ASSIGN_OR_RETURN(staged_, StagedRun::Create(plan_, limits_));
    output_frames_.assign(staged_->output_frames().size(), 0);
  } else {
    engine_->Reset();
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
  state.set_engine(engine_->Save());
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
  PATCHBAY_RETURN_IF_ERROR(engine_->Load(state.engine()));
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const auto& saved = state.inputs(static_cast<int>(i));
    PATCHBAY_RETURN_IF_ERROR(inputs_[i].Restore(saved.received_frames(),
                                                {saved.waiting().begin(), saved.waiting().end()}));
  }
  output_frames_.assign(state.output_frames().begin(), state.output_frames().end());
  position_.store(engine_->position_frames(), std::memory_order_relaxed);
  return absl::OkStatus();
}

}  // namespace patchbay
