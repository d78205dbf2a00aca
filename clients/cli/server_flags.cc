#include "clients/cli/server_flags.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/usage_error.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

struct Flag {
  const char* name;
  const char* field;  // path in ServerConfig
  const char* help;
};

constexpr Flag kFlags[] = {
    {"address", "address",
     "Where to listen: unix:/path/to/socket or host:port (port 0: any free one). Default: a unix "
     "socket in $XDG_RUNTIME_DIR/patchbay"},
    {"tls_certificate", "tls.certificate_file", "PEM file: the server's certificate. TCP only"},
    {"tls_key", "tls.key_file", "PEM file: the certificate's key"},
    {"tls_client_ca", "tls.client_ca_file",
     "PEM file: clients must show a certificate signed by one of these"},
    {"worker_threads", "worker_threads",
     "Threads that process audio. Default: one for each processor core"},
    {"drain_seconds", "drain_seconds",
     "How long accepted work may go on after SIGTERM. Default: 10"},
    {"log_level", "log_level",
     "trace, debug, info, warn, error or off. Default: info; with --exit_with_stdin warn"},
    {"max_message_bytes", "limits.max_message_bytes", "Largest message either way. Default: 4 MiB"},
    {"max_concurrent_streams", "limits.max_concurrent_streams",
     "Streams on one connection. Default: 1000"},
    {"max_sessions", "limits.max_sessions", "Sessions, attached or not. Default: 10000"},
    {"max_session_bytes", "limits.max_session_bytes", "Memory of one session. Default: 1 GiB"},
    {"max_total_bytes", "limits.max_total_bytes", "Memory of all sessions. Default: 8 GiB"},
    {"max_sample_rate_hz", "limits.max_sample_rate_hz", "Default: 768000"},
    {"max_channels", "limits.max_channels", "Channels of a stream. Default: 64"},
    {"max_nodes", "limits.max_nodes", "Processors in an expression. Default: 256"},
    {"max_depth", "limits.max_depth", "Expressions within expressions. Default: 32"},
    {"max_lease_seconds", "limits.max_lease_seconds",
     "Longest life of a session that nobody uses. Default: 3600"},
    {"default_lease_seconds", "limits.default_lease_seconds",
     "The same for sessions that name none. Default: 300"},
};
constexpr Flag kSwitches[] = {
    {"insecure", "insecure", "Allow plaintext TCP beyond loopback: anyone may connect"},
    {"reflection", "reflection", "gRPC reflection, for tools such as grpcurl"},
};

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat(line + 1, ":", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status ReadConfig(const std::string& path, internal::ServerConfig& config) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read: ", strerror(errno)));
  }
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (parser.ParseFromString(text, &config)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, ":", error.text()));
}

bool SetField(absl::string_view path, const std::string& value,
              google::protobuf::Message& message) {
  google::protobuf::Message* parent = &message;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    const auto* const field = parent->GetDescriptor()->FindFieldByName(names[i]);
    parent = parent->GetReflection()->MutableMessage(parent, field);
  }
  const auto* const field = parent->GetDescriptor()->FindFieldByName(names.back());
  if (field->type() == google::protobuf::FieldDescriptor::TYPE_STRING) {
    parent->GetReflection()->SetString(parent, field, value);
    return true;
  }
  FirstError silent;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&silent);
  return parser.ParseFieldValueFromString(value, field, parent);
}

}  // namespace

ServerFlags::ServerFlags(CLI::App& app) {
  app.add_option("--config", config_file_,
                 "A ServerConfig in protobuf's text format; the other flags override it")
      ->type_name("FILE");
  const auto store = [this](const Flag& flag) {
    return [this, name = flag.name](const std::string& value) { values_[name] = value; };
  };
  for (const Flag& flag : kFlags) {
    app.add_option_function<std::string>(absl::StrCat("--", flag.name), store(flag), flag.help)
        ->type_name("");
  }
  for (const Flag& flag : kSwitches) {
    app.add_flag_callback(
        absl::StrCat("--", flag.name), [this, name = flag.name] { values_[name] = "true"; },
        flag.help);
  }
}

absl::StatusOr<internal::ServerConfig> ServerFlags::Config() const {
  internal::ServerConfig config;
  if (!config_file_.empty()) PATCHBAY_RETURN_IF_ERROR(ReadConfig(config_file_, config));
  const auto apply = [&](const Flag& flag) -> absl::Status {
    const auto value = values_.find(flag.name);
    if (value == values_.end() || SetField(flag.field, value->second, config)) {
      return absl::OkStatus();
    }
    return UsageError(absl::StrCat("--", flag.name, " ", value->second, ": not a number in range"));
  };
  for (const Flag& flag : kFlags) PATCHBAY_RETURN_IF_ERROR(apply(flag));
  for (const Flag& flag : kSwitches) PATCHBAY_RETURN_IF_ERROR(apply(flag));
  if (config.has_worker_threads() &&
      (config.worker_threads() < 1 || config.worker_threads() > 1024)) {
    return absl::InvalidArgumentError(
        absl::StrCat("worker_threads = ", config.worker_threads(), ": it must be from 1 to 1024"));
  }
  // Written so that NaN fails too.
  if (config.has_drain_seconds() &&
      !(config.drain_seconds() >= 0 && config.drain_seconds() <= 86400)) {
    return absl::InvalidArgumentError(
        absl::StrCat("drain_seconds = ", config.drain_seconds(), ": it must be from 0 to 86400"));
  }
  return config;
}

}  // namespace patchbay
