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
#include "server/session_store.h"

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

  ~ProcessStream() override;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // A request waiting for its turn.
  struct Work {
    Incoming<v1::ProcessRequest> request;
    int64_t arrival_ns = 0;
    int64_t remaining_frames = 0;  // of a pull
    bool started = false;
  };
  struct Reply {
    grpc::ByteBuffer buffer;
    int64_t ready_ns;
  };

  ProcessStream(grpc::CallbackServerContext* context, SessionStore& store, WorkerPool& pool,
                std::string owner)
      : context_(context), store_(store), pool_(pool), owner_(std::move(owner)) {}

  // On the strand.
  void Pump();
  absl::Status Open(const v1::ProcessRequest& request, Session::Replies& replies);
  // Long work is so far; an error, if it is to stop.
  absl::Status Report(const NodeWork& node_work);
  // The session's lease has ended.
  void Expire();
  // Does one chunk's worth; sets `done` once nothing of the work is left.
  absl::Status Do(Work& work, bool& done, Session::Replies& replies);
  absl::Status CheckEnd(const v1::End& end) const;
  // Nothing more is done with the session: another stream may attach, or it is gone.
  void LetGo();

  // Whether there is something to pump and nobody at it; then the caller must Dispatch() once it
  // has released mutex_.
  bool ClaimPump();
  void Dispatch(bool run_here);

  // With mutex_ held.
  void ContinueReading();
  void ContinueWriting();
  void Fail(const absl::Status& status);
  void FailIfCutShort();
  void FinishIfIdle();
  void LogEnd() const;

  grpc::CallbackServerContext* const context_;  // valid until OnDone
  SessionStore& store_;
  WorkerPool& pool_;
  const std::string owner_;
  std::shared_ptr<ProcessStream> self_;  // until OnDone

  grpc::ByteBuffer incoming_;  // of the read under way
  std::mutex mutex_;
  std::shared_ptr<Strand> strand_;  // the session's, once there is one
  std::deque<Work> work_;
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
  SessionStatistics* session_statistics_ = nullptr;  // of session_

  // In Pump() only.
  std::shared_ptr<Session> session_;
  std::string name_;
  bool keep_session_ = false;
  bool has_let_go_ = false;
  std::vector<int64_t> received_before_;  // this stream, per input
  std::vector<int64_t> sent_before_;      // per output
};

}  // namespace patchbay

#endif  // SERVER_PROCESS_STREAM_H_
