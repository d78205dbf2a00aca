#ifndef CLIENTS_CLI_COMMAND_H_
#define CLIENTS_CLI_COMMAND_H_

#include <functional>

#include "CLI/App.hpp"
#include "absl/status/status.h"

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

}  // namespace patchbay

#endif  // CLIENTS_CLI_COMMAND_H_
