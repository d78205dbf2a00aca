#ifndef CLIENTS_CLI_LOGGING_H_
#define CLIENTS_CLI_LOGGING_H_

#include <string>

#include "absl/status/status.h"

namespace patchbay {

// Sends the log, and gRPC's own, to standard error, one line an event. `level` as in ServerConfig.
absl::Status StartLogging(const std::string& level);

}  // namespace patchbay

#endif  // CLIENTS_CLI_LOGGING_H_
