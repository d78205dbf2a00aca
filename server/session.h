#ifndef SERVER_SESSION_H_
#define SERVER_SESSION_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "processors/graph/node_progress.h"
#include "proto/wire/audio_wire.h"
#include "server/checkpoint.pb.h"
#include "server/input_queue.h"
#include "server/session_plan.h"
#include "server/staged_run.h"
#include "server/streaming_run.h"
#include "server/worker_pool.h"

namespace patchbay {

// Where a session's time went; written by the session's strand, read by anyone.
struct SessionStatistics {
  std::atomic<int64_t> frames = 0;
  std::atomic<int64_t> chunks = 0;
  std::atomic<int64_t> queue_ns = 0;
  std::atomic<int64_t> compute_ns = 0;
  std::atomic<int64_t> transport_ns = 0;

  v1::Statistics ToProto() const;
};

// A Description opened with formats: what runs it, what came in and what went out. Runs on its
// strand only; the functions marked so may be called from anywhere.
class Session {
 public:
  // Messages for the client, encoded.
  using Replies = std::vector<grpc::ByteBuffer>;

  // Allocates what the session needs. Opens no checkpoints: see checkpoint.h.
  static absl::StatusOr<std::shared_ptr<Session>> Open(const v1::SessionConfig& config,
                                                       const Limits& limits, WorkerPool& pool);

  // From anywhere.
  const SessionPlan& plan() const { return plan_; }
  const v1::StreamInfo& info() const { return info_; }
  Strand& strand() { return *strand_; }
  SessionStatistics& statistics() { return statistics_; }
  const SessionStatistics& statistics() const { return statistics_; }
  v1::Report MakeReport() const;
  // Memory that the session declares.
  int64_t bytes() const { return plan_.bytes(); }
  int64_t position_frames() const { return position_.load(std::memory_order_relaxed); }
  // Its client did something: the lease starts anew.
  void Touch() { last_used_ns_.store(absl::GetCurrentTimeNanos(), std::memory_order_relaxed); }
  absl::Time last_used() const {
    return absl::FromUnixNanos(last_used_ns_.load(std::memory_order_relaxed));
  }

  // On the strand.
  // Told what long work is at; stops it by an error.
  void set_progress(NodeProgress progress) { progress_ = std::move(progress); }
  // Frames of each input received, and of each output sent, since the session was opened.
  std::vector<int64_t> total_received() const;
  const std::vector<int64_t>& total_sent() const { return total_sent_; }
  v1::Ready MakeReady(const std::string& name) const;
  // OUT_OF_RANGE for a gap or overlap; INVALID_ARGUMENT for broken or non-finite samples.
  absl::Status TakeAudio(const IncomingAudio& audio, Replies& replies);
  absl::Status SetControl(const v1::ControlChange& change);
  // Generates up to `remaining` frames, one chunk at a time; reduces it, to 0 at the end.
  absl::Status PullChunk(int64_t& remaining, Replies& replies);
  // Drains one chunk of latency and tail. True when all is out and the session is as new; the
  // replies then end with Flushed.
  absl::StatusOr<bool> FlushChunk(Replies& replies);
  absl::Status Reset();

  // Gives memory back that only moving audio needs.
  void ReleaseScratch();

  // On the strand; bit-exact. Load is INVALID_ARGUMENT for what another Description saved; the
  // session must then be dropped.
  internal::SessionState SaveState();
  absl::Status LoadState(const internal::SessionState& state);

 private:
  Session(SessionPlan plan, const Limits& limits, WorkerPool& pool);

  // What is not computed because of an error counts as not received.
  absl::Status GiveBack(absl::Status status);
  absl::Status Compute(std::span<const ConstBlock> ins, int num_frames, Replies& replies);
  absl::Status ComputeQueued(Replies& replies);
  int ChunkFrames(int bytes) const;
  absl::StatusOr<bool> FinishStages(Replies& replies);
  absl::StatusOr<bool> DrainChunk(Replies& replies);
  // Takes note of what was taken in and put out.
  void Count(int64_t position, const std::vector<int64_t>& output_frames);
  void CountStreaming();

  const SessionPlan plan_;
  const v1::StreamInfo info_;
  const std::shared_ptr<Strand> strand_;
  const Limits limits_;
  std::unique_ptr<StreamingRun> streaming_;  // this one,
  std::unique_ptr<StagedRun> staged_;        // or that
  NodeProgress progress_ = [](const NodeWork&) { return absl::OkStatus(); };
  std::vector<InputQueue> inputs_;
  std::vector<int64_t> output_frames_;  // since the start of the clip
  std::vector<int64_t> total_sent_;
  std::atomic<int64_t> position_ = 0;
  std::atomic<int64_t> last_used_ns_ = absl::GetCurrentTimeNanos();
  SessionStatistics statistics_;
};

}  // namespace patchbay

#endif  // SERVER_SESSION_H_
