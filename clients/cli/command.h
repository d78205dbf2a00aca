#ifndef CLIENTS_CLI_COMMAND_H_
#define CLIENTS_CLI_COMMAND_H_

#include <functional>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace patchbay {

// Runs a subcommand, after its options have been read.
using Action = std::function<absl::Status()>;

// Each declares the options of one subcommand.
Action AddDemo(CLI::App& app);
Action AddDescribe(CLI::App& app);
Action AddInfo(CLI::App& app);
Action AddList(CLI::App& app);
Action AddProcess(CLI::App& app);
Action AddServe(CLI::App& app);
Action AddValidate(CLI::App& app);

// A command line that cannot work, whatever the files and the server are: exit code 2.
absl::Status UsageError(absl::string_view message);
bool IsUsageError(const absl::Status& status);

}  // namespace patchbay

#endif  // CLIENTS_CLI_COMMAND_H_
