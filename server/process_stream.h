#ifndef SERVER_PROCESS_STREAM_H_
#define SERVER_PROCESS_STREAM_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "proto/wire/audio_wire.h"
#include "server/attachment.h"

namespace patchbay {

// One call of Patchbay.Process. gRPC's reactions only queue and start operations; what came in is
// worked off by Pump() on the session's strand, one chunk of output at a time, as fast as the
// client reads: a few requests and a few replies are held, not more.
class ProcessStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                            public std::enable_shared_from_this<ProcessStream> {
 public:
  // Starts reading; lives until the call is over.
  static ProcessStream* Start(grpc::CallbackServerContext* context, SessionStore& store,
                              WorkerPool& pool, std::string owner);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  struct Reply {
    grpc::ByteBuffer buffer;
    int64_t ready_ns;
  };

  ProcessStream(grpc::CallbackServerContext* context, SessionStore& store, WorkerPool& pool,
                std::string owner)
      : context_(context), pool_(pool), attachment_(store, std::move(owner)) {}

  // On the strand.
  void Pump();
  absl::Status Do(Attachment::Work& work, bool& done, Session::Replies& replies);
  // Long work is so far; an error, if it is to stop.
  absl::Status Report(const NodeWork& node_work);
  // The session's lease has ended.
  void Expire();
  // Whether there is something to pump and nobody at it; then the caller must Dispatch() once it
  // has released mutex_.
  bool ClaimPump();
  void Dispatch(bool run_here);

  // With mutex_ held.
  void ContinueReading();
  void ContinueWriting();
  void Fail(const absl::Status& status);
  void FailIfCutShort();
  // Lets the session go first: who is told that this call is over can attach it at once.
  void FinishIfIdle();
  void LogEnd() const;

  grpc::CallbackServerContext* const context_;  // valid until OnDone
  WorkerPool& pool_;
  std::shared_ptr<ProcessStream> self_;  // until OnDone

  grpc::ByteBuffer incoming_;  // of the read under way
  std::mutex mutex_;
  std::shared_ptr<Strand> strand_;  // the session's, once there is one
  std::deque<Attachment::Work> work_;
  std::deque<Reply> replies_;  // the first is being written while writing_
  bool pumping_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool half_closed_ = false;
  bool end_received_ = false;
  bool ending_ = false;    // End was answered: finish once all is written
  bool failed_ = false;    // finish with status_ at once
  bool finished_ = false;  // Finish was called
  absl::Status status_;
  int64_t chunk_cost_ns_ = 0;  // of late
  int64_t last_progress_ns_ = 0;
  SessionStatistics* session_statistics_ = nullptr;  // of the session

  Attachment attachment_;  // in Pump(), and once that is over
};

}  // namespace patchbay

#endif  // SERVER_PROCESS_STREAM_H_
