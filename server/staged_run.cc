#include "server/staged_run.h"

#include <algorithm>
#include <utility>

#include "processors/core/errors.h"
#include "proto/wire/audio_wire.h"
#include "server/sample_codec.h"

namespace patchbay {
namespace {

constexpr int kMaxChunkFrames = 1 << 16;
// Put out at a time: as much as a stream holds of it.
constexpr int64_t kTurnBytes = 2 << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<StagedRun>> StagedRun::Create(const SessionPlan& plan,
                                                             const Limits& limits) {
  PATCHBAY_ASSIGN_OR_RETURN(std::unique_ptr<Pipeline> pipeline,
                            Pipeline::Create(plan.graph, plan.plan_inputs, limits.plan));
  std::unique_ptr<StagedRun> run(
      new StagedRun(plan, limits.max_chunk_bytes(), std::move(pipeline)));
  if (run->pipeline_->outputs() != nullptr) {
    run->output_frames_.resize(run->pipeline_->outputs()->size());
  }
  return run;
}

absl::Status StagedRun::WorkOff(const NodeProgress& progress, Replies& replies) {
  for (bool more = true; more;) {
    PATCHBAY_ASSIGN_OR_RETURN(more, pipeline_->Work(progress));
  }
  while (!Emit(replies)) PATCHBAY_RETURN_IF_ERROR(progress({}));
  return absl::OkStatus();
}

absl::StatusOr<bool> StagedRun::Finish(const NodeProgress& progress, Replies& replies) {
  pipeline_->End();
  // No more is computed than the client takes.
  if (!Emit(replies)) return false;
  PATCHBAY_ASSIGN_OR_RETURN(const bool more, pipeline_->Work(progress));
  const bool all_out = Emit(replies);
  return !more && all_out;
}

bool StagedRun::Emit(Replies& replies) {
  const std::vector<Lane>* const outputs = pipeline_->outputs();
  if (outputs == nullptr) return true;
  if (are_pending_) {
    are_pending_ = false;
    output_frames_.resize(outputs->size());
    v1::ProcessResponse response;
    *response.mutable_outputs() =
        ToProto(*outputs, pipeline_->control_outputs(), plan_.options.output_encoding());
    replies.push_back(EncodeMessage(response));
  }
  int64_t room_bytes = kTurnBytes;
  control_frames_.resize(pipeline_->control_outputs().size());
  for (size_t i = 0; i < control_frames_.size(); ++i) {
    EmitControl(static_cast<int>(i), room_bytes, replies);
  }
  for (size_t o = 0; o < outputs->size(); ++o) {
    EmitAudio(static_cast<int>(o), room_bytes, replies);
  }
  return room_bytes > 0;
}

void StagedRun::EmitAudio(int output, int64_t& room_bytes, Replies& replies) {
  FrameQueue& queue = pipeline_->audio(output);
  const v1::SampleEncoding encoding = plan_.options.output_encoding();
  const int frame_bytes = FrameBytes(encoding, queue.num_channels());
  const int most = std::max(1, std::min(kMaxChunkFrames, max_chunk_bytes_ / frame_bytes));
  while (queue.num_frames() > 0 && room_bytes > 0) {
    const int count = std::min(queue.num_frames(), most);
    const size_t bytes = static_cast<size_t>(count) * frame_bytes;
    OutgoingAudio audio =
        EncodeAudio(AudioDirection::kResponse, output, output_frames_[output], bytes);
    EncodeSamples(queue.Front(count), encoding, {audio.samples, bytes});
    replies.push_back(audio.Buffer());
    queue.Pop(count);
    output_frames_[output] += count;
    room_bytes -= static_cast<int64_t>(bytes);
  }
}

void StagedRun::EmitControl(int output, int64_t& room_bytes, Replies& replies) {
  FrameQueue& queue = pipeline_->control(output);
  while (queue.num_frames() > 0 && room_bytes > 0) {
    const int count = std::min(queue.num_frames(), kMaxChunkFrames);
    const size_t bytes = sizeof(float) * count;
    v1::ProcessResponse response;
    v1::ControlChunk& chunk = *response.mutable_control();
    chunk.set_stream(output);
    chunk.set_start_frame(control_frames_[output]);
    chunk.set_frames_per_value(1);
    chunk.set_values(queue.Front(count).data(), bytes);
    replies.push_back(EncodeMessage(response));
    queue.Pop(count);
    control_frames_[output] += count;
    room_bytes -= static_cast<int64_t>(bytes);
  }
}

}  // namespace patchbay
