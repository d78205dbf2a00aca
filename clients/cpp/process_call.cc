#include "clients/cpp/process_call.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "patchbay/v1/patchbay.grpc.pb.h"
#include "proto/wire/from_grpc_status.h"

namespace patchbay {

std::unique_ptr<ProcessCall> ProcessCall::Start(const std::shared_ptr<grpc::Channel>& channel,
                                                absl::Duration timeout) {
  std::unique_ptr<ProcessCall> call(new ProcessCall);
  if (timeout < absl::InfiniteDuration()) {
    call->context_.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  }
  const std::string method = absl::StrCat("/", v1::Patchbay::service_full_name(), "/Process");
  call->rpc_ = grpc::GenericStub(channel).PrepareCall(&call->context_, method, &call->queue_);
  call->rpc_->StartCall(call->Begin(kStart));
  call->WaitFor(kStart);
  call->is_open_ = call->succeeded_[kStart];
  if (call->is_open_) call->rpc_->Read(&call->read_, call->Begin(kRead));
  return call;
}

ProcessCall::~ProcessCall() {
  if (!has_status_) context_.TryCancel();
  // gRPC wants no operation to be under way, and the queue to be empty.
  WaitFor(kRead);
  WaitFor(kWrite);
  WaitForStatus().IgnoreError();
  queue_.Shutdown();
  void* tag;
  bool ok;
  while (queue_.Next(&tag, &ok)) {
  }
}

void* ProcessCall::Begin(Operation operation) {
  pending_[operation] = true;
  succeeded_[operation] = false;
  return reinterpret_cast<void*>(static_cast<intptr_t>(operation));
}

void ProcessCall::Write(grpc::ByteBuffer message) {
  writes_.push_back(std::move(message));
  if (!pending_[kWrite]) StartWrite();
}

bool ProcessCall::WaitForRoom(size_t num_messages) {
  while (pending_[kRead] && writes_.size() > num_messages) Pump();
  return pending_[kRead];
}

void ProcessCall::StartWrite() {
  if (!writes_.empty() && is_open_) rpc_->Write(writes_.front(), Begin(kWrite));
}

void ProcessCall::Pump() {
  void* tag;
  bool ok;
  if (!queue_.Next(&tag, &ok)) return;
  const auto operation = static_cast<Operation>(reinterpret_cast<intptr_t>(tag));
  pending_[operation] = false;
  succeeded_[operation] = ok;
  if (operation == kWrite) {
    writes_.pop_front();
    if (!ok) is_open_ = false;  // reading tells why
    StartWrite();
  }
}

void ProcessCall::WaitFor(Operation operation) {
  while (pending_[operation]) Pump();
}

absl::Status ProcessCall::WaitForStatus() {
  if (!has_status_) {
    rpc_->Finish(&status_, Begin(kFinish));
    WaitFor(kFinish);
    has_status_ = true;
    is_open_ = false;
  }
  return FromGrpcStatus(status_);
}

absl::StatusOr<Incoming<v1::ProcessResponse>> ProcessCall::Read() {
  WaitFor(kRead);
  if (!succeeded_[kRead]) {
    const absl::Status status = WaitForStatus();
    if (!status.ok()) return status;
    return absl::DataLossError("the server closed the stream without an end");
  }
  grpc::ByteBuffer message;
  message.Swap(&read_);
  rpc_->Read(&read_, Begin(kRead));
  return DecodeResponse(&message);
}

absl::Status ProcessCall::Finish() {
  while (pending_[kWrite]) Pump();
  if (is_open_) {
    rpc_->WritesDone(Begin(kClose));
    WaitFor(kClose);
  }
  WaitFor(kRead);
  if (!succeeded_[kRead]) return WaitForStatus();
  context_.TryCancel();
  return absl::DataLossError("the server sent a message after the end");
}

}  // namespace patchbay
