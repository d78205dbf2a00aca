#ifndef SERVER_STREAMING_RUN_H_
#define SERVER_STREAMING_RUN_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "processors/graph/engine.h"
#include "processors/graph/node_progress.h"
#include "proto/wire/audio_wire.h"
#include "server/session_plan.h"

namespace patchbay {

// A session whose Description streams throughout: an Engine, and what it puts out as messages.
// Every few milliseconds of work `progress` is told, and may end it by an error: what was computed
// by then counts as put out, and nothing else as taken in.
class StreamingRun {
 public:
  using Replies = std::vector<grpc::ByteBuffer>;

  // `plan` must outlive it.
  static absl::StatusOr<std::unique_ptr<StreamingRun>> Create(const SessionPlan& plan);

  Engine& engine() { return *engine_; }

  // Takes frames of every input; without inputs, generates or drains so many.
  absl::Status Push(std::span<const ConstBlock> ins, int num_frames, const NodeProgress& progress,
                    Replies& replies);

  // The fast path, if takes_messages(): samples are copied once, into the reply, and processed
  // there.
  bool takes_messages() const { return takes_messages_; }
  absl::Status PushMessage(const IncomingAudio& audio, int num_frames, const NodeProgress& progress,
                           Replies& replies);

  // Frames of each output since the start of the clip.
  int64_t output_frames() const;

 private:
  StreamingRun(const SessionPlan& plan, std::unique_ptr<Engine> engine);

  absl::Status Compute(std::span<const ConstBlock> ins, std::span<const Block> outs,
                       std::span<const std::span<float>> control_outs, int num_frames,
                       const NodeProgress& progress);
  void EmitControls(const std::vector<std::vector<float>>& curves, int64_t start, Replies& replies);
  // Of num_frames frames from `start` on, those before the clip's first.
  static int HiddenFrames(int64_t latency_frames, int64_t start, int num_frames);

  const SessionPlan& plan_;
  const std::unique_ptr<Engine> engine_;
  const bool is_planar_;  // what comes out
  const bool takes_messages_;
  const int64_t skipped_frames_;  // of each output
};

}  // namespace patchbay

#endif  // SERVER_STREAMING_RUN_H_
