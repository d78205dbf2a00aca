#include "processors/graph/text_names.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"

namespace patchbay {

absl::StatusOr<std::string> CompleteName(absl::string_view typed,
                                         const std::vector<std::string>& known,
                                         absl::string_view what, absl::string_view owner) {
  std::vector<std::string> candidates;
  for (const std::string& name : known) {
    if (name == typed) return name;
    if (absl::StartsWith(name, typed)) candidates.push_back(name);
  }
  if (candidates.size() == 1) return candidates[0];

  const std::string of = owner.empty() ? "" : absl::StrCat(" of ", owner);
  ErrorDetail detail = {
      .path = owner.empty() ? std::string(typed) : absl::StrCat(owner, ".", typed),
      .value = std::string(typed)};
  if (!candidates.empty()) {
    detail.allowed = absl::StrJoin(candidates, ", ");
    return InvalidArgument(
        absl::StrCat("'", typed, "' is short for several: ", detail.allowed, "; write more of it"),
        detail);
  }
  detail.allowed = absl::StrJoin(known, ", ");
  std::string hint = DidYouMean(typed, known);
  if (hint.empty() && !owner.empty()) {
    hint = known.empty() ? "; it has none" : absl::StrCat("; it has ", detail.allowed);
  }
  return InvalidArgument(absl::StrCat("unknown ", what, " '", typed, "'", of, hint), detail);
}

}  // namespace patchbay
