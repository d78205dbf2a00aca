#ifndef SERVER_SERVER_H_
#define SERVER_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "server/config.pb.h"
#include "server/limits.h"
#include "server/patchbay_service.h"
#include "server/session_store.h"
#include "server/unix_socket.h"
#include "server/worker_pool.h"

namespace patchbay {

// A running server: listens from Start until it is destroyed.
class Server {
 public:
  // INVALID_ARGUMENT or FAILED_PRECONDITION says what is wrong with the configuration, or why the
  // address cannot be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const internal::ServerConfig& config);

  // Shuts down at once unless Drain was called.
  ~Server();

  // For clients: "unix:/path" or "host:port" with the real port.
  const std::string& address() const { return address_; }

  // Says NOT_SERVING, refuses new sessions, lets streams go on for drain_seconds, then ends them.
  void Drain();

  // A channel to this server within the process, without a socket.
  std::shared_ptr<grpc::Channel> InProcessChannel();

 private:
  Server(const internal::ServerConfig& config, const Limits& limits);
  absl::Status Listen();

  const internal::ServerConfig config_;
  const Limits limits_;
  WorkerPool pool_;
  SessionStore sessions_;
  PatchbayService service_;
  std::unique_ptr<UnixSocket> socket_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace patchbay

#endif  // SERVER_SERVER_H_
