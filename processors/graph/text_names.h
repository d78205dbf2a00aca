#ifndef PROCESSORS_GRAPH_TEXT_NAMES_H_
#define PROCESSORS_GRAPH_TEXT_NAMES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace patchbay {

// The known name that was typed in full or cut short; an exact match wins. INVALID_ARGUMENT lists
// the candidates of an ambiguous name, or says "unknown <what>" with the nearest one:
// CompleteName("cutof", {...}, "parameter", "lowpass").
absl::StatusOr<std::string> CompleteName(absl::string_view typed,
                                         const std::vector<std::string>& known,
                                         absl::string_view what, absl::string_view owner);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_NAMES_H_
