#ifndef CLIENTS_CPP_CLIENT_H_
#define CLIENTS_CPP_CLIENT_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cpp/description.h"
#include "clients/cpp/stream.h"
#include "grpcpp/channel.h"
#include "patchbay/v1/patchbay.grpc.pb.h"
#include "processors/core/clip.h"

namespace patchbay {

// PEM texts. Empty ones are not used.
struct TlsOptions {
  std::string ca_certificates;     // whom to trust; by default whom the system trusts
  std::string client_certificate;  // with client_key, for servers that ask for it
  std::string client_key;
  std::string server_name;  // in the server's certificate, where it is not the address's
};

struct ClientOptions {
  std::optional<TlsOptions> tls;  // by default plaintext
  // How long to wait for a server that is not there yet.
  absl::Duration wait_for_server = absl::ZeroDuration();
  // Of single calls; streams have deadlines of their own, or none.
  absl::Duration call_timeout = absl::Seconds(60);
  int max_message_bytes = 64 << 20;
};

// How to open a session.
struct SessionOptions {
  int sample_rate_hz = 48000;
  std::vector<int> input_channels = {2};     // per input; none for generators
  std::vector<std::string> input_names;      // by which the Description may refer to them
  std::map<std::string, const Clip*> clips;  // that the Description names, while the call lasts
  bool exclude_tail = false;
  bool compensate_latency = false;  // outputs start with the answer to the first frame: see Run
  std::optional<absl::Duration> lease;
  absl::Duration timeout = absl::InfiniteDuration();  // of the stream
};
v1::SessionConfig ToConfig(const v1::Description& description, const SessionOptions& options);

// How to process whole clips. Latency is compensated.
struct ProcessOptions {
  std::map<std::string, const Clip*> clips;
  std::vector<std::string> input_names;  // by which the Description may refer to them
  bool exclude_tail = false;
  int chunk_frames = 0;  // 0: what is fast
  // Told how much has been sent, or generated, without a node; then of nodes at long work. An error
  // from it ends the call with that error.
  OnProgress on_progress;
  absl::Duration timeout = absl::InfiniteDuration();  // until it is given up: DEADLINE_EXCEEDED
  // For Descriptions without inputs:
  int sample_rate_hz = 48000;
  std::optional<int64_t> num_frames;  // to generate; unset: until they end
};

struct ProcessResult {
  std::vector<Clip> clips;  // per output
  std::vector<ControlCurve> controls;
  v1::Report report;
};

// A connection to a server. Safe to use from several threads; each Stream from one.
//
//   auto client = Client::Connect("unix:/run/patchbay.sock");
//   auto result = (*client)->Process(Text("highpass(80Hz) | gain(-3dB)"), {clip});
//
// Errors are the server's, with what was wrong in parts: see DetailOf in processors/core/errors.h.
class Client {
 public:
  // "unix:/path" or "host:port". UNAVAILABLE if there is no server.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(const std::string& address,
                                                         const ClientOptions& options = {});
  // Over a channel made elsewhere.
  explicit Client(std::shared_ptr<grpc::Channel> channel,
                  absl::Duration call_timeout = absl::Seconds(60));

  // Whole clips, one for each input of the Description, all of one sample rate; the shorter ones
  // are followed by silence. Streams: neither side's message limit matters.
  absl::StatusOr<ProcessResult> Process(const v1::Description& description,
                                        const std::vector<Clip>& inputs,
                                        const ProcessOptions& options = {});

  // A session of its own for a stream, and one that CreateSession has made.
  absl::StatusOr<std::unique_ptr<Stream>> Open(const v1::Description& description,
                                               const SessionOptions& options = {});
  absl::StatusOr<std::unique_ptr<Stream>> Open(const v1::SessionConfig& config,
                                               absl::Duration timeout = absl::InfiniteDuration());
  absl::StatusOr<std::unique_ptr<Stream>> Attach(const std::string& session,
                                                 absl::Duration timeout = absl::InfiniteDuration());

  // The catalogue.
  absl::StatusOr<std::vector<v1::ProcessorSpec>> ListProcessors();
  absl::StatusOr<v1::ProcessorSpec> GetProcessor(const std::string& name);

  // What a Description would do, or what is wrong with it.
  absl::StatusOr<v1::ValidateDescriptionResponse> Validate(const v1::SessionConfig& config);

  // Sessions that outlive a stream.
  absl::StatusOr<v1::Session> CreateSession(const v1::SessionConfig& config);
  absl::StatusOr<v1::Session> GetSession(const std::string& name);
  absl::StatusOr<std::vector<v1::Session>> ListSessions();
  absl::Status DeleteSession(const std::string& name);
  // For SessionConfig.checkpoint.
  absl::StatusOr<std::string> CheckpointSession(const std::string& name);

 private:
  template <typename Request, typename Response>
  absl::StatusOr<Response> CallMethod(
      grpc::Status (v1::Patchbay::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
      const Request& request);

  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::Patchbay::Stub> stub_;
  const absl::Duration call_timeout_;
};

}  // namespace patchbay

#endif  // CLIENTS_CPP_CLIENT_H_
