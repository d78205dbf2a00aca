#ifndef SERVER_STAGED_RUN_H_
#define SERVER_STAGED_RUN_H_

#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "processors/graph/pipeline.h"
#include "server/session_plan.h"

namespace patchbay {

// A session whose Description does not stream throughout: a Pipeline, and what it puts out as
// messages. The number and format of the outputs may be known only after the input has ended.
class StagedRun {
 public:
  using Replies = std::vector<grpc::ByteBuffer>;

  // `plan` must outlive it.
  static absl::StatusOr<std::unique_ptr<StagedRun>> Create(const SessionPlan& plan,
                                                           const Limits& limits);

  // Takes frames of every input, or has generators put out so many.
  absl::Status Push(std::span<const ConstBlock> ins, int num_frames) {
    return pipeline_->Push(ins, num_frames);
  }
  // Works all off that can be.
  absl::Status WorkOff(const NodeProgress& progress, Replies& replies);
  // The input has ended: does a part of the rest. True when nothing is left.
  absl::StatusOr<bool> Finish(const NodeProgress& progress, Replies& replies);

  // Frames of each output since the start; empty while the outputs are pending.
  const std::vector<int64_t>& output_frames() const { return output_frames_; }
  Pipeline& pipeline() { return *pipeline_; }

 private:
  StagedRun(const SessionPlan& plan, int max_chunk_bytes, std::unique_ptr<Pipeline> pipeline)
      : plan_(plan),
        max_chunk_bytes_(max_chunk_bytes),
        are_pending_(plan.outputs_pending),
        pipeline_(std::move(pipeline)) {}

  // Puts out what waits, up to some megabytes. False if more is left.
  bool Emit(Replies& replies);
  void EmitAudio(int output, int64_t& room_bytes, Replies& replies);
  void EmitControl(int output, int64_t& room_bytes, Replies& replies);

  const SessionPlan& plan_;
  const int max_chunk_bytes_;
  bool are_pending_;  // the outputs
  const std::unique_ptr<Pipeline> pipeline_;
  std::vector<int64_t> output_frames_;
  std::vector<int64_t> control_frames_;
};

}  // namespace patchbay

#endif  // SERVER_STAGED_RUN_H_
