#include "clients/cli/expression_option.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"

namespace patchbay {

void AddExpressionFileOption(CLI::App& app, std::string& path) {
  app.add_option("-f,--file", path,
                 "Read the expression from this file instead, or from standard input if it is -; # "
                 "begins a comment")
      ->type_name("FILE");
}

absl::StatusOr<std::string> ReadExpression(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": ", strerror(errno)));
  return text;
}

absl::Status InFile(const std::string& path, const absl::Status& status) {
  const bool names_a_line = absl::StartsWith(status.message(), "line ");
  return path.empty() || !names_a_line ? status : Prefixed(absl::StrCat(path, ": "), status);
}

}  // namespace patchbay
