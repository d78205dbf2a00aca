#ifndef CLIENTS_CPP_PROCESS_CALL_H_
#define CLIENTS_CPP_PROCESS_CALL_H_

#include <deque>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "proto/wire/audio_wire.h"

namespace patchbay {

// The Process RPC as raw messages. For one thread, which also does gRPC's work while it waits, so
// that a round trip costs no change of thread. Reading and writing go on side by side: a queued
// write can never keep a message from being read.
class ProcessCall {
 public:
  // After `timeout` the call ends with DEADLINE_EXCEEDED, whatever is under way.
  static std::unique_ptr<ProcessCall> Start(const std::shared_ptr<grpc::Channel>& channel,
                                            absl::Duration timeout);

  // Cancels the call unless it is over.
  ~ProcessCall();
  ProcessCall(const ProcessCall&) = delete;
  ProcessCall& operator=(const ProcessCall&) = delete;

  // Queues a message and returns.
  void Write(grpc::ByteBuffer message);

  // Waits until at most num_messages are queued. False if Read has something before.
  bool WaitForRoom(size_t num_messages);

  // From any thread: ends the call with CANCELLED.
  void Cancel() { context_.TryCancel(); }

  // The next message; waits for it. At the end of the stream, the status of the call, or DATA_LOSS
  // if that is OK.
  absl::StatusOr<Incoming<v1::ProcessResponse>> Read();

  // After the last message was read: closes this side and waits for the status.
  absl::Status Finish();

 private:
  // Tags of the completion queue: one operation of each kind at a time.
  enum Operation { kStart, kRead, kWrite, kClose, kFinish, kNumOperations };

  ProcessCall() = default;

  void* Begin(Operation operation);
  void StartWrite();
  // Waits for one operation to end and acts on it.
  void Pump();
  void WaitFor(Operation operation);
  absl::Status WaitForStatus();

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> rpc_;
  bool pending_[kNumOperations] = {};
  bool succeeded_[kNumOperations] = {};
  std::deque<grpc::ByteBuffer> writes_;  // the first is under way while pending_[kWrite]
  grpc::ByteBuffer read_;
  bool is_open_ = false;  // messages can be written
  grpc::Status status_;
  bool has_status_ = false;
};

}  // namespace patchbay

#endif  // CLIENTS_CPP_PROCESS_CALL_H_
