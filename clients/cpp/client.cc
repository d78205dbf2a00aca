#include "clients/cpp/client.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/planar.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "processors/core/errors.h"
#include "proto/wire/from_grpc_status.h"
#include "proto/wire/transport.h"

namespace patchbay {
namespace {

// A connection attempt that gets no answer at all.
constexpr absl::Duration kConnectTimeout = absl::Seconds(10);

grpc::ChannelArguments ChannelArguments(const ClientOptions& options) {
  grpc::ChannelArguments arguments;
  for (const auto& [key, value] : kTransportArguments) arguments.SetInt(key, value);
  arguments.SetMaxReceiveMessageSize(options.max_message_bytes);
  // A server that is frozen or cut off is noticed, however long it has had nothing to say.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A server may take a while to start: look again soon. By its name another "backoff", MIN is how
  // long an attempt may take: more than a busy machine needs.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS,
                   static_cast<int>(absl::ToInt64Milliseconds(kConnectTimeout)));
  // An http_proxy in the environment is not meant for audio.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (options.tls.has_value() && !options.tls->server_name.empty()) {
    arguments.SetSslTargetNameOverride(options.tls->server_name);
  }
  return arguments;
}

std::shared_ptr<grpc::ChannelCredentials> Credentials(const std::optional<TlsOptions>& tls) {
  if (!tls.has_value()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = tls->ca_certificates;
  options.pem_private_key = tls->client_key;
  options.pem_cert_chain = tls->client_certificate;
  return grpc::SslCredentials(options);
}

bool IsAddress(absl::string_view address) {
  if (absl::StartsWith(address, "unix:")) return address.size() > 5;
  const size_t colon = address.rfind(':');
  return colon != absl::string_view::npos && colon > 0 && colon + 1 < address.size();
}

}  // namespace

v1::SessionConfig ToConfig(const v1::Description& description, const SessionOptions& options) {
  v1::SessionConfig config;
  *config.mutable_description() = description;
  for (const int channels : options.input_channels) {
    v1::AudioFormat& format = *config.add_inputs();
    format.set_sample_rate_hz(options.sample_rate_hz);
    format.set_num_channels(channels);
  }
  config.mutable_input_names()->Assign(options.input_names.begin(), options.input_names.end());
  if (options.input_channels.empty()) config.set_sample_rate_hz(options.sample_rate_hz);
  for (const auto& [name, clip] : options.clips) {
    (*config.mutable_clips())[name] = ToWire(*clip);
  }
  config.mutable_options()->set_exclude_tail(options.exclude_tail);
  config.mutable_options()->set_compensate_latency(options.compensate_latency);
  if (options.lease.has_value()) {
    const int64_t ns = absl::ToInt64Nanoseconds(*options.lease);
    config.mutable_lease()->set_seconds(ns / 1'000'000'000);
    config.mutable_lease()->set_nanos(static_cast<int32_t>(ns % 1'000'000'000));
  }
  return config;
}

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(const std::string& address,
                                                        const ClientOptions& options) {
  if (!IsAddress(address)) {
    return InvalidArgument(
        absl::StrCat("'", address, "' is not an address: write unix:/path or host:port"),
        {.path = "address", .value = address, .allowed = "unix:/path, host:port"});
  }
  KeepGrpcRunning();
  const auto channel =
      grpc::CreateCustomChannel(address, Credentials(options.tls), ChannelArguments(options));
  auto client = std::make_unique<Client>(channel, options.call_timeout);
  // A first call shows whether there is a server, whether it is one of ours, and if not, why.
  grpc::ClientContext context;
  const bool wait = options.wait_for_server > absl::ZeroDuration();
  context.set_wait_for_ready(wait);
  context.set_deadline(
      absl::ToChronoTime(absl::Now() + (wait ? options.wait_for_server : kConnectTimeout)));
  v1::ListProcessorsRequest request;
  request.set_page_size(1);
  v1::ListProcessorsResponse response;
  const absl::Status status =
      FromGrpcStatus(client->stub_->ListProcessors(&context, request, &response));
  if (status.ok()) return client;
  if (absl::IsUnimplemented(status)) {
    return absl::UnavailableError(absl::StrCat(address, " is not a Patchbay server"));
  }
  return absl::UnavailableError(
      absl::StrCat("no Patchbay server at ", address, ": ", status.message()));
}

Client::Client(std::shared_ptr<grpc::Channel> channel, absl::Duration call_timeout)
    : channel_(std::move(channel)),
      stub_(v1::Patchbay::NewStub(channel_)),
      call_timeout_(call_timeout) {}

template <typename Request, typename Response>
absl::StatusOr<Response> Client::CallMethod(
    grpc::Status (v1::Patchbay::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + call_timeout_));
  Response response;
  PATCHBAY_RETURN_IF_ERROR(FromGrpcStatus((stub_.get()->*method)(&context, request, &response)));
  return response;
}

absl::StatusOr<std::vector<v1::ProcessorSpec>> Client::ListProcessors() {
  std::vector<v1::ProcessorSpec> processors;
  v1::ListProcessorsRequest request;
  do {
    PATCHBAY_ASSIGN_OR_RETURN(v1::ListProcessorsResponse page,
                              CallMethod(&v1::Patchbay::Stub::ListProcessors, request));
    for (v1::ProcessorSpec& spec : *page.mutable_processors()) {
      processors.push_back(std::move(spec));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return processors;
}

absl::StatusOr<v1::ProcessorSpec> Client::GetProcessor(const std::string& name) {
  v1::GetProcessorRequest request;
  request.set_name(name);
  return CallMethod(&v1::Patchbay::Stub::GetProcessor, request);
}

absl::StatusOr<v1::ValidateDescriptionResponse> Client::Validate(const v1::SessionConfig& config) {
  v1::ValidateDescriptionRequest request;
  *request.mutable_config() = config;
  return CallMethod(&v1::Patchbay::Stub::ValidateDescription, request);
}

absl::StatusOr<v1::Session> Client::CreateSession(const v1::SessionConfig& config) {
  v1::CreateSessionRequest request;
  *request.mutable_config() = config;
  return CallMethod(&v1::Patchbay::Stub::CreateSession, request);
}

absl::StatusOr<v1::Session> Client::GetSession(const std::string& name) {
  v1::GetSessionRequest request;
  request.set_name(name);
  return CallMethod(&v1::Patchbay::Stub::GetSession, request);
}

absl::StatusOr<std::vector<v1::Session>> Client::ListSessions() {
  std::vector<v1::Session> sessions;
  v1::ListSessionsRequest request;
  do {
    PATCHBAY_ASSIGN_OR_RETURN(v1::ListSessionsResponse page,
                              CallMethod(&v1::Patchbay::Stub::ListSessions, request));
    for (v1::Session& session : *page.mutable_sessions()) sessions.push_back(std::move(session));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return sessions;
}

absl::Status Client::DeleteSession(const std::string& name) {
  v1::DeleteSessionRequest request;
  request.set_name(name);
  return CallMethod(&v1::Patchbay::Stub::DeleteSession, request).status();
}

absl::StatusOr<std::string> Client::CheckpointSession(const std::string& name) {
  v1::CheckpointSessionRequest request;
  request.set_name(name);
  PATCHBAY_ASSIGN_OR_RETURN(const v1::CheckpointSessionResponse response,
                            CallMethod(&v1::Patchbay::Stub::CheckpointSession, request));
  return response.checkpoint();
}

absl::StatusOr<std::unique_ptr<Stream>> Client::Open(const v1::Description& description,
                                                     const SessionOptions& options) {
  return Open(ToConfig(description, options), options.timeout);
}

absl::StatusOr<std::unique_ptr<Stream>> Client::Open(const v1::SessionConfig& config,
                                                     absl::Duration timeout) {
  v1::ProcessRequest request;
  *request.mutable_open() = config;
  return Stream::Start(channel_, request, timeout);
}

absl::StatusOr<std::unique_ptr<Stream>> Client::Attach(const std::string& session,
                                                       absl::Duration timeout) {
  v1::ProcessRequest request;
  request.set_attach(session);
  return Stream::Start(channel_, request, timeout);
}

}  // namespace patchbay
