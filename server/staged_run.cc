#include "server/staged_run.h"

#include <algorithm>
#include <utility>

#include "processors/core/errors.h"
#include "proto/wire/audio_wire.h"
#include "server/sample_codec.h"

namespace patchbay {
namespace {

constexpr int kMaxChunkFrames = 1 << 16;

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
  Emit(replies);
  return absl::OkStatus();
}

absl::StatusOr<bool> StagedRun::Finish(const NodeProgress& progress, Replies& replies) {
  pipeline_->End();
  PATCHBAY_ASSIGN_OR_RETURN(const bool more, pipeline_->Work(progress));
  Emit(replies);
  return !more;
}

void StagedRun::Emit(Replies& replies) {
  const std::vector<Lane>* const outputs = pipeline_->outputs();
  if (outputs == nullptr) return;
  if (are_pending_) {
    are_pending_ = false;
    output_frames_.resize(outputs->size());
    v1::ProcessResponse response;
    *response.mutable_outputs() =
        ToProto(*outputs, pipeline_->control_outputs(), plan_.options.output_encoding());
    replies.push_back(EncodeMessage(response));
  }
  EmitControls(replies);
  for (size_t o = 0; o < outputs->size(); ++o) EmitAudio(static_cast<int>(o), replies);
}

void StagedRun::EmitAudio(int output, Replies& replies) {
  FrameQueue& queue = pipeline_->audio(output);
  const v1::SampleEncoding encoding = plan_.options.output_encoding();
  const int frame_bytes = FrameBytes(encoding, queue.num_channels());
  const int most = std::max(1, std::min(kMaxChunkFrames, max_chunk_bytes_ / frame_bytes));
  while (queue.num_frames() > 0) {
    const int count = std::min(queue.num_frames(), most);
    const size_t bytes = static_cast<size_t>(count) * frame_bytes;
    OutgoingAudio audio =
        EncodeAudio(AudioDirection::kResponse, output, output_frames_[output], bytes);
    EncodeSamples(queue.Front(count), encoding, {audio.samples, bytes});
    replies.push_back(audio.Buffer());
    queue.Pop(count);
    output_frames_[output] += count;
  }
}

void StagedRun::EmitControls(Replies& replies) {
  control_frames_.resize(pipeline_->control_outputs().size());
  for (size_t i = 0; i < control_frames_.size(); ++i) {
    FrameQueue& queue = pipeline_->control(static_cast<int>(i));
    while (queue.num_frames() > 0) {
      const int count = std::min(queue.num_frames(), kMaxChunkFrames);
      v1::ProcessResponse response;
      v1::ControlChunk& chunk = *response.mutable_control();
      chunk.set_stream(static_cast<int>(i));
      chunk.set_start_frame(control_frames_[i]);
      chunk.set_frames_per_value(1);
      chunk.set_values(queue.Front(count).data(), sizeof(float) * count);
      replies.push_back(EncodeMessage(response));
      queue.Pop(count);
      control_frames_[i] += count;
    }
  }
}

}  // namespace patchbay
