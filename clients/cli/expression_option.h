#ifndef CLIENTS_CLI_EXPRESSION_OPTION_H_
#define CLIENTS_CLI_EXPRESSION_OPTION_H_

#include <string>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"

namespace patchbay {

// Declares -f, --file FILE: the expression in a file instead of on the command line.
void AddExpressionFileOption(CLI::App& app, std::string& path);

// What the file holds.
absl::StatusOr<std::string> ReadExpression(const std::string& path);

// Errors of the server that name a line, with the file before it; `path` may be empty.
absl::Status InFile(const std::string& path, const absl::Status& status);

}  // namespace patchbay

#endif  // CLIENTS_CLI_EXPRESSION_OPTION_H_
