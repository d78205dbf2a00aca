#include "server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "processors/core/errors.h"
#include "proto/wire/transport.h"
#include "spdlog/spdlog.h"

namespace patchbay {
namespace {

constexpr double kDefaultDrainSeconds = 10;

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file || content.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  }
  return content;
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(const internal::Tls& tls) {
  grpc::SslServerCredentialsOptions options(
      tls.client_ca_file().empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                   : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  PATCHBAY_ASSIGN_OR_RETURN(pair.private_key, ReadFile(tls.key_file()));
  PATCHBAY_ASSIGN_OR_RETURN(pair.cert_chain, ReadFile(tls.certificate_file()));
  options.pem_key_cert_pairs.push_back(pair);
  if (!tls.client_ca_file().empty()) {
    PATCHBAY_ASSIGN_OR_RETURN(options.pem_root_certs, ReadFile(tls.client_ca_file()));
  }
  return grpc::SslServerCredentials(options);
}

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:");
}

// Limits and manners of connections. gRPC's defaults would let clients share a port, hold streams
// without end, and send messages that decompress to a thousand times their size.
void Configure(const Limits& limits, grpc::ServerBuilder& builder) {
  for (const TransportArgument& argument : kTransportArguments) {
    builder.AddChannelArgument(argument.key, argument.value);
  }
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.max_concurrent_streams);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 20000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000);
  builder.SetMaxReceiveMessageSize(limits.max_message_bytes);
  builder.SetMaxSendMessageSize(limits.max_message_bytes);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
}

// The reflection library adds itself to every server: this takes it out again.
class NoReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [](const auto& plugin) {
      return dynamic_cast<grpc::reflection::ProtoServerReflectionPlugin*>(plugin.get()) != nullptr;
    });
  }
};

int NumThreads(const internal::ServerConfig& config) {
  return config.has_worker_threads() ? config.worker_threads()
                                     : static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

Server::Server(const internal::ServerConfig& config, const Limits& limits)
    : config_(config),
      limits_(limits),
      pool_(NumThreads(config)),
      sessions_(limits_, pool_),
      service_(limits_, sessions_, pool_) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const internal::ServerConfig& config) {
  PATCHBAY_ASSIGN_OR_RETURN(const Limits limits, Limits::FromConfig(config.limits()));
  std::unique_ptr<Server> server(new Server(config, limits));
  PATCHBAY_RETURN_IF_ERROR(server->Listen());
  spdlog::info("listening address={} worker_threads={} tls={}", server->address_,
               NumThreads(config), config.has_tls());
  return server;
}

absl::Status Server::Listen() {
  KeepGrpcRunning();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  address_ = config_.has_address() ? config_.address() : "unix:" + DefaultSocketPath();
  const bool is_unix = absl::StartsWith(address_, "unix:");
  if (is_unix) {
    PATCHBAY_ASSIGN_OR_RETURN(socket_,
                              UnixSocket::Claim(std::string(absl::StripPrefix(address_, "unix:"))));
  } else if (!config_.has_tls() && !config_.insecure() && !IsLoopback(address_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("plaintext on ", address_,
                     " could be read and used by anyone who reaches it: configure tls, listen on "
                     "127.0.0.1 or a unix socket, or say --insecure if you mean it"));
  }
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (config_.has_tls() && !is_unix) {
    PATCHBAY_ASSIGN_OR_RETURN(credentials, Credentials(config_.tls()));
  }
  grpc::ServerBuilder builder;
  Configure(limits_, builder);
  if (!config_.reflection()) builder.SetOption(std::make_unique<NoReflection>());
  int port = 0;
  builder.AddListeningPort(address_, credentials, &port);
  builder.RegisterService(&service_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", address_,
                     ": is it in use by another program, or not an address of this machine?"));
  }
  if (!is_unix) {
    address_ = absl::StrCat(address_.substr(0, address_.rfind(':')), ":", port);
  }
  server_->GetHealthCheckService()->SetServingStatus("patchbay.v1.Patchbay", true);
  return absl::OkStatus();
}

void Server::Drain() {
  const auto drain = std::chrono::duration<double>(
      config_.has_drain_seconds() ? config_.drain_seconds() : kDefaultDrainSeconds);
  spdlog::info("draining streams={} seconds={}", sessions_.num_streams(), drain.count());
  server_->GetHealthCheckService()->SetServingStatus(false);
  sessions_.StartDraining();
  sessions_.WaitForStreams(std::chrono::duration_cast<std::chrono::milliseconds>(drain));
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  spdlog::info("stopped");
}

Server::~Server() {
  if (server_ != nullptr) {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  server_.reset();
  pool_.Finish();  // Its tasks use the sessions.
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(limits_.max_message_bytes);
  arguments.SetMaxSendMessageSize(limits_.max_message_bytes);
  return server_->InProcessChannel(arguments);
}

}  // namespace patchbay
