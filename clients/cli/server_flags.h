#ifndef CLIENTS_CLI_SERVER_FLAGS_H_
#define CLIENTS_CLI_SERVER_FLAGS_H_

#include <map>
#include <string>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "server/config.pb.h"

namespace patchbay {

// The command-line flags of a ServerConfig: one for each of its fields, by the field's name.
class ServerFlags {
 public:
  explicit ServerFlags(CLI::App& app);

  // The file of --config, if there is one, with the other flags on top. UsageError for values that
  // a field cannot take.
  absl::StatusOr<internal::ServerConfig> Config() const;

 private:
  std::string config_file_;
  std::map<std::string, std::string> values_;  // by flag, as given
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_SERVER_FLAGS_H_
