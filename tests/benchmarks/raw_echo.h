#ifndef TESTS_BENCHMARKS_RAW_ECHO_H_
#define TESTS_BENCHMARKS_RAW_ECHO_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <cstddef>
#include <memory>
#include <string>

#include "grpcpp/channel.h"

namespace patchbay::benchmarks {

// A bidirectional stream that answers every message with the same number of bytes, each float
// halved: what the transport can do, with no Patchbay code, tuned as Patchbay's ends are.
class RawEchoServer {
 public:
  explicit RawEchoServer(const std::string& address);
  ~RawEchoServer();

 private:
  class Reactor;
  class Service final : public grpc::CallbackGenericService {
    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override;
  };

  Service service_;
  std::unique_ptr<grpc::Server> server_;
};

// Sends `num_messages` messages of num_bytes, up to `ahead` before their answers, and reads all
// answers. Seconds taken.
class RawEchoClient {
 public:
  explicit RawEchoClient(const std::string& address);
  ~RawEchoClient();

  double Run(int num_messages, size_t num_bytes, int ahead);
  // One message there and back; for latency. Opens a call on first use.
  void RoundTrip(size_t num_bytes);

 private:
  class Call;

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Call> call_;
};

}  // namespace patchbay::benchmarks

#endif  // TESTS_BENCHMARKS_RAW_ECHO_H_
