#ifndef PROCESSORS_CORE_NEAREST_NAME_H_
#define PROCESSORS_CORE_NEAREST_NAME_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace patchbay {

// The known name that a mistyped one most likely stands for, by edit distance (Levenshtein, two
// letters swapped being one error) with a preference for names that contain it; empty if none is
// near.
std::string NearestName(absl::string_view typed, const std::vector<std::string>& known);

// "; did you mean 'gain'?", or "" if no known name is near: the end of an error message.
std::string DidYouMean(absl::string_view typed, const std::vector<std::string>& known);

}  // namespace patchbay

#endif  // PROCESSORS_CORE_NEAREST_NAME_H_
