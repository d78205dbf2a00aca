#include "clients/cli/input_arguments.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/usage_error.h"

namespace patchbay {
namespace {

bool IsName(const std::string& text) {
  const auto is_letter = [](char c) { return absl::ascii_isalnum(c) || c == '_'; };
  return !text.empty() && !absl::ascii_isdigit(text[0]) && std::ranges::all_of(text, is_letter);
}

}  // namespace

absl::StatusOr<InputArguments> InputArguments::Parse(std::span<const std::string> arguments) {
  InputArguments inputs;
  bool any_name = false;
  for (const std::string& argument : arguments) {
    const size_t equals = argument.find('=');
    std::string name = argument.substr(0, equals);
    if (equals == std::string::npos || !IsName(name) || access(argument.c_str(), F_OK) == 0) {
      inputs.names.push_back(absl::StrCat("in_", inputs.paths.size()));
      inputs.paths.push_back(argument);
      continue;
    }
    any_name = true;
    if (std::ranges::count(inputs.names, name) > 0) {
      return UsageError(absl::StrCat("two inputs have the name ", name));
    }
    inputs.names.push_back(std::move(name));
    inputs.paths.push_back(argument.substr(equals + 1));
  }
  if (!any_name) inputs.names.clear();
  return inputs;
}

}  // namespace patchbay
