#include "clients/cli/connection.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "clients/cli/logging.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// Clips travel within one message; here it never leaves the process.
constexpr int kEmbeddedMessageBytes = 1 << 30;

absl::StatusOr<std::string> ReadText(const std::string& path) {
  if (path.empty()) return "";
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": ", strerror(errno)));
  return text;
}

absl::StatusOr<std::unique_ptr<Client>> ConnectTo(const ServerOptions& options) {
  ClientOptions client;
  if (options.tls || !options.tls_ca_file.empty() || !options.tls_certificate_file.empty()) {
    TlsOptions& tls = client.tls.emplace();
    PATCHBAY_ASSIGN_OR_RETURN(tls.ca_certificates, ReadText(options.tls_ca_file));
    PATCHBAY_ASSIGN_OR_RETURN(tls.client_certificate, ReadText(options.tls_certificate_file));
    PATCHBAY_ASSIGN_OR_RETURN(tls.client_key, ReadText(options.tls_key_file));
  }
  return Client::Connect(options.address, client);
}

// Reached through the process only: its socket is gone as soon as it exists.
absl::StatusOr<std::unique_ptr<Server>> StartEmbedded() {
  std::error_code error;
  std::string folder = std::filesystem::temp_directory_path(error).string() + "/patchbay-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot create a folder in ", folder, ": ", strerror(errno)));
  }
  internal::ServerConfig config;
  config.set_address(absl::StrCat("unix:", folder, "/socket"));
  config.mutable_limits()->set_max_message_bytes(kEmbeddedMessageBytes);
  auto server = Server::Start(config);
  std::filesystem::remove_all(folder, error);
  return server;
}

}  // namespace

void AddServerOptions(CLI::App& app, ServerOptions& options) {
  app.add_option(
         "--server", options.address,
         "Use the server at unix:/path or host:port instead of one within this program; also "
         "$PATCHBAY_SERVER_ADDRESS")
      ->envname("PATCHBAY_SERVER_ADDRESS")
      ->option_text("ADDRESS");
  app.add_flag("--tls", options.tls,
               "The server uses TLS and a certificate that the system trusts");
  app.add_option("--tls_ca", options.tls_ca_file, "PEM file: trust these certificates instead")
      ->type_name("FILE");
  app.add_option("--tls_certificate", options.tls_certificate_file,
                 "PEM file: the certificate to show to the server")
      ->type_name("FILE");
  app.add_option("--tls_key", options.tls_key_file, "PEM file: the certificate's key")
      ->type_name("FILE");
}

absl::StatusOr<Connection> Connection::Open(const ServerOptions& options) {
  PATCHBAY_RETURN_IF_ERROR(StartLogging("error"));
  Connection connection;
  if (!options.address.empty()) {
    PATCHBAY_ASSIGN_OR_RETURN(connection.client_, ConnectTo(options));
    return connection;
  }
  PATCHBAY_ASSIGN_OR_RETURN(connection.server_, StartEmbedded());
  connection.client_ = std::make_unique<Client>(connection.server_->InProcessChannel());
  return connection;
}

}  // namespace patchbay
