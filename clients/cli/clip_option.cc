#include "clients/cli/clip_option.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/usage_error.h"

namespace patchbay {

void AddClipOption(CLI::App& app, std::vector<std::string>& clips) {
  app.add_option("--clip", clips,
                 "A clip that the expression uses as @NAME; may come again for others")
      ->allow_extra_args(false)
      ->option_text("NAME=FILE");
}

absl::StatusOr<std::map<std::string, std::string>> ParseClipOptions(
    const std::vector<std::string>& clips) {
  std::map<std::string, std::string> files;
  for (const std::string& clip : clips) {
    const size_t equals = clip.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == clip.size()) {
      return UsageError(absl::StrCat("--clip ", clip, ": write NAME=FILE"));
    }
    const std::string name = clip.substr(0, equals);
    if (!files.emplace(name, clip.substr(equals + 1)).second) {
      return UsageError(absl::StrCat("--clip ", name, " is given twice"));
    }
  }
  return files;
}

}  // namespace patchbay
