#include "processors/core/nearest_name.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

// A name longer than this is nobody's typing error: it is cut, so that the cost stays bounded.
constexpr size_t kLongestName = 64;

int EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<int> last(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    next[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int replaced = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      next[j] = std::min({replaced, row[j] + 1, next[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) next[j] = std::min(next[j], last[j - 2] + 1);
    }
    last.swap(row);
    row.swap(next);
  }
  return row[b.size()];
}

// A unit at the end of a name is often left away, and so is no error.
int Distance(absl::string_view typed, absl::string_view name) {
  const size_t unit = name.rfind('_');
  const int distance = EditDistance(typed, name);
  if (unit == absl::string_view::npos) return distance;
  return std::min(distance, EditDistance(typed, name.substr(0, unit)));
}

}  // namespace

std::string NearestName(absl::string_view typed, const std::vector<std::string>& known) {
  typed = typed.substr(0, kLongestName);
  std::string nearest;
  // Half the letters may be wrong; a name that holds what was typed counts as one letter away.
  int best = static_cast<int>(typed.size()) / 2 + 1;
  for (const std::string& name : known) {
    const bool contains = typed.size() >= 3 && absl::StrContains(name, typed);
    const int distance = contains ? 1 : Distance(typed, name);
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::string DidYouMean(absl::string_view typed, const std::vector<std::string>& known) {
  const std::string nearest = NearestName(typed, known);
  return nearest.empty() ? "" : absl::StrCat("; did you mean '", nearest, "'?");
}

}  // namespace patchbay
