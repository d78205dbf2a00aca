#ifndef CLIENTS_CLI_CONNECTION_H_
#define CLIENTS_CLI_CONNECTION_H_

#include <memory>
#include <string>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "clients/cpp/client.h"
#include "server/server.h"

namespace patchbay {

// Which server a subcommand talks to.
struct ServerOptions {
  std::string address;  // empty: one within this process
  bool tls = false;
  std::string tls_ca_file;
  std::string tls_certificate_file;
  std::string tls_key_file;
};

// Declares --server and what belongs to it.
void AddServerOptions(CLI::App& app, ServerOptions& options);

// A client, and the server if it is within this process.
class Connection {
 public:
  static absl::StatusOr<Connection> Open(const ServerOptions& options);

  Client& client() { return *client_; }

 private:
  std::unique_ptr<Server> server_;
  std::unique_ptr<Client> client_;  // goes before the server
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_CONNECTION_H_
