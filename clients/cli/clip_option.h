#ifndef CLIENTS_CLI_CLIP_OPTION_H_
#define CLIENTS_CLI_CLIP_OPTION_H_

#include <map>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"

namespace patchbay {

// Declares --clip NAME=FILE, which may come again.
void AddClipOption(CLI::App& app, std::vector<std::string>& clips);

// Files by name. UsageError for what is not NAME=FILE, or a name given twice.
absl::StatusOr<std::map<std::string, std::string>> ParseClipOptions(
    const std::vector<std::string>& clips);

}  // namespace patchbay

#endif  // CLIENTS_CLI_CLIP_OPTION_H_
