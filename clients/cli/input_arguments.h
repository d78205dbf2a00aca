#ifndef CLIENTS_CLI_INPUT_ARGUMENTS_H_
#define CLIENTS_CLI_INPUT_ARGUMENTS_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace patchbay {

// Input files as the command line has them: FILE or NAME=FILE.
struct InputArguments {
  std::vector<std::string> paths;
  std::vector<std::string> names;  // none, or one for each; those without a name are in_0, in_1...

  // A file whose own name has a "=" is taken as it is, if it is there. UsageError for a name given
  // twice.
  static absl::StatusOr<InputArguments> Parse(std::span<const std::string> arguments);
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_INPUT_ARGUMENTS_H_
