#include "clients/cli/words.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "processors/core/decibels.h"

namespace patchbay {
namespace {

constexpr size_t kLineWidth = 80;

}  // namespace

std::string InSeconds(double seconds) {
  if (seconds == 0) return "0 s";
  if (seconds < 0.9995) return absl::StrFormat("%.3g ms", 1000 * seconds);
  if (seconds < 59.995) return absl::StrFormat("%.2f s", seconds);
  if (seconds < 3599.95) {
    const int minutes = static_cast<int>((seconds + 0.05) / 60);
    return absl::StrFormat("%d min %.1f s", minutes, std::abs(seconds - 60 * minutes));
  }
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  return absl::StrFormat("%d h %d min %d s", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string InBytes(int64_t bytes) {
  if (bytes < 1024) return absl::StrCat(bytes, " bytes");
  double value = static_cast<double>(bytes);
  const char* unit = "";
  for (const char* larger : {"KiB", "MiB", "GiB", "TiB"}) {
    if (value < 1024) break;
    value /= 1024;
    unit = larger;
  }
  return absl::StrFormat("%.1f %s", value, unit);
}

std::string InDecibels(double ratio) {
  return ratio > 0 ? absl::StrFormat("%.1f dB", RatioToDecibels(ratio)) : "silence";
}

std::string InNumbers(int64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

std::string ShortNumber(double value) { return absl::StrFormat("%.7g", value); }

std::string Wrapped(absl::string_view text, int indent) {
  std::string lines;
  for (const absl::string_view paragraph : absl::StrSplit(text, '\n')) {
    std::string line(indent, ' ');
    for (const absl::string_view word : absl::StrSplit(paragraph, ' ', absl::SkipEmpty())) {
      const bool is_first = line.size() == static_cast<size_t>(indent);
      if (!is_first && line.size() + 1 + word.size() > kLineWidth) {
        absl::StrAppend(&lines, line, "\n");
        line.assign(indent, ' ');
      } else if (!is_first) {
        line += ' ';
      }
      absl::StrAppend(&line, word);
    }
    if (line.size() == static_cast<size_t>(indent)) line.clear();
    absl::StrAppend(&lines, line, "\n");
  }
  return lines;
}

}  // namespace patchbay
