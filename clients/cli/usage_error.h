#ifndef CLIENTS_CLI_USAGE_ERROR_H_
#define CLIENTS_CLI_USAGE_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace patchbay {

// A command line that cannot work, whatever the files and the server are: exit code 2.
absl::Status UsageError(absl::string_view message);
bool IsUsageError(const absl::Status& status);

}  // namespace patchbay

#endif  // CLIENTS_CLI_USAGE_ERROR_H_
