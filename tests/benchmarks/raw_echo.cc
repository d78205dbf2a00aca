#include "tests/benchmarks/raw_echo.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <vector>

#include "proto/wire/transport.h"

namespace patchbay::benchmarks {
namespace {

constexpr size_t kMaxAhead = 4;

grpc::ByteBuffer Halved(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  (void)message.Dump(&slices);
  grpc::Slice answer(message.Length());
  char* to = const_cast<char*>(reinterpret_cast<const char*>(answer.begin()));
  for (const grpc::Slice& slice : slices) {
    std::memcpy(to, slice.begin(), slice.size());
    to += slice.size();
  }
  float* const samples = reinterpret_cast<float*>(const_cast<uint8_t*>(answer.begin()));
  for (size_t i = 0; i < answer.size() / sizeof(float); ++i) samples[i] *= 0.5f;
  return grpc::ByteBuffer(&answer, 1);
}

}  // namespace

// Up to four messages are read ahead while one is written.
class RawEchoServer::Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  Reactor() { StartRead(&in_); }

  void OnReadDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (!ok) {
      closed_ = true;
      return Continue();
    }
    answers_.push_back(Halved(in_));
    Continue();
  }

  void OnWriteDone(bool /*ok*/) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    answers_.pop_front();
    Continue();
  }

  void OnDone() override { delete this; }

 private:
  void Continue() {
    if (!writing_ && !answers_.empty()) {
      writing_ = true;
      StartWrite(&answers_.front());
    }
    if (!reading_ && !closed_ && answers_.size() < kMaxAhead) {
      reading_ = true;
      StartRead(&in_);
    }
    if (closed_ && answers_.empty()) Finish(grpc::Status::OK);
  }

  std::mutex mutex_;
  grpc::ByteBuffer in_;
  std::deque<grpc::ByteBuffer> answers_;
  bool reading_ = true;
  bool writing_ = false;
  bool closed_ = false;
};

grpc::ServerGenericBidiReactor* RawEchoServer::Service::CreateReactor(
    grpc::GenericCallbackServerContext*) {
  return new Reactor;
}

RawEchoServer::RawEchoServer(const std::string& address) {
  grpc::ServerBuilder builder;
  for (const TransportArgument& argument : kTransportArguments) {
    builder.AddChannelArgument(argument.key, argument.value);
  }
  builder.SetMaxReceiveMessageSize(-1);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterCallbackGenericService(&service_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) std::abort();
}

RawEchoServer::~RawEchoServer() { server_->Shutdown(); }

// A call driven by the calling thread, which does gRPC's work while it waits.
class RawEchoClient::Call {
 public:
  explicit Call(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    rpc_ = stub_.PrepareCall(&context_, "/raw.Echo/Echo", &queue_);
    rpc_->StartCall(nullptr);
    Wait();
  }

  ~Call() {
    context_.TryCancel();
    grpc::Status status;
    rpc_->Finish(&status, nullptr);
    queue_.Shutdown();
    void* tag;
    bool ok;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  void Exchange(int num_messages, size_t num_bytes, int ahead) {
    const grpc::Slice slice(std::string(num_bytes, '\0'));
    const grpc::ByteBuffer message(&slice, 1);
    int sent = 0;
    int read = 0;
    bool writing = false;
    bool reading = false;
    grpc::ByteBuffer answer;
    while (read < num_messages) {
      if (!writing && sent < num_messages && sent - read < ahead) {
        rpc_->Write(message, &write_tag_);
        writing = true;
        ++sent;
      }
      if (!reading) {
        rpc_->Read(&answer, &read_tag_);
        reading = true;
      }
      void* tag;
      bool ok;
      queue_.Next(&tag, &ok);
      if (!ok) {
        std::fprintf(stderr, "raw echo failed: tag %s\n", tag == &read_tag_ ? "read" : "write");
        std::abort();
      }
      if (tag == &write_tag_) writing = false;
      if (tag == &read_tag_) {
        reading = false;
        ++read;
      }
    }
    if (writing) Wait();
  }

 private:
  void Wait() {
    void* tag;
    bool ok;
    queue_.Next(&tag, &ok);
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> rpc_;
  char write_tag_ = 0;
  char read_tag_ = 0;
};

RawEchoClient::RawEchoClient(const std::string& address) {
  grpc::ChannelArguments arguments;
  for (const TransportArgument& argument : kTransportArguments) {
    arguments.SetInt(argument.key, argument.value);
  }
  arguments.SetMaxReceiveMessageSize(-1);
  channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  call_ = std::make_unique<Call>(channel_);
}

RawEchoClient::~RawEchoClient() = default;

double RawEchoClient::Run(int num_messages, size_t num_bytes, int ahead) {
  const auto start = std::chrono::steady_clock::now();
  call_->Exchange(num_messages, num_bytes, ahead);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void RawEchoClient::RoundTrip(size_t num_bytes) { call_->Exchange(1, num_bytes, 1); }

}  // namespace patchbay::benchmarks
