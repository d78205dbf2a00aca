#include "processors/graph/text_units.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// A number in this unit is number * multiplier / divisor in the parameter's: a division of whole
// numbers is exact where a factor of 0.001 is not, so that 5ms is the same double as 0.005.
struct TextUnit {
  const char* symbol;
  Unit unit;
  double multiplier;
  double divisor;
};

constexpr TextUnit kUnits[] = {
    {"Hz", Unit::kHertz, 1, 1},
    {"kHz", Unit::kHertz, 1000, 1},
    {"dB", Unit::kDecibels, 1, 1},
    {"s", Unit::kSeconds, 1, 1},
    {"ms", Unit::kSeconds, 1, 1000},
    {"us", Unit::kSeconds, 1, 1e6},
    {"min", Unit::kSeconds, 60, 1},
    {"cycles", Unit::kCycles, 1, 1},
    {"deg", Unit::kCycles, 1, 360},
    {"%", Unit::kCycles, 1, 100},
    {"semitones", Unit::kSemitones, 1, 1},
    {"st", Unit::kSemitones, 1, 1},
    {"cents", Unit::kSemitones, 1, 100},
    {"bpm", Unit::kBeatsPerMinute, 1, 1},
    {"%", Unit::kNone, 1, 100},
};

}  // namespace

absl::StatusOr<double> ConvertUnit(double number, absl::string_view unit,
                                   const ParameterSpec& parameter) {
  std::vector<std::string> fitting;
  bool known = false;
  for (const TextUnit& candidate : kUnits) {
    const bool named = absl::EqualsIgnoreCase(candidate.symbol, unit);
    known = known || named;
    if (candidate.unit != parameter.unit && parameter.unit != Unit::kAny) continue;
    if (named) return number * candidate.multiplier / candidate.divisor;
    if (parameter.unit == Unit::kAny && candidate.unit == Unit::kNone) continue;  // '%' came before
    fitting.push_back(candidate.symbol);
  }
  const ErrorDetail detail = {.path = parameter.name,
                              .value = absl::StrCat(number, unit),
                              .allowed = absl::StrJoin(fitting, ", ")};
  if (unit == "frames") {
    return InvalidArgument(
        absl::StrCat("frames are not supported in text yet, as ", parameter.name,
                     " would depend on the sample rate; its units are ", detail.allowed),
        detail);
  }
  return InvalidArgument(absl::StrCat(known ? "the unit '" : "unknown unit '", unit,
                                      known ? "' does not fit " : "' for ", parameter.name,
                                      "; its units are ", detail.allowed),
                         detail);
}

std::optional<double> NoteFrequency(absl::string_view note) {
  constexpr absl::string_view kLetters = "C D EF G A B";  // position = semitones above C
  const size_t semitone =
      note.empty() || note[0] == ' ' ? absl::string_view::npos : kLetters.find(note[0]);
  if (semitone == absl::string_view::npos) return std::nullopt;
  note.remove_prefix(1);
  int from_a4 = static_cast<int>(semitone) - 9 - 4 * 12;
  if (absl::ConsumePrefix(&note, "#")) {
    ++from_a4;
  } else if (absl::ConsumePrefix(&note, "b")) {
    --from_a4;
  }
  if (note.empty() || note.size() > 2 || !std::ranges::all_of(note, absl::ascii_isdigit)) {
    return std::nullopt;
  }
  int octave = 0;
  for (const char digit : note) octave = octave * 10 + (digit - '0');
  from_a4 += 12 * octave;
  return 440 * std::exp2(from_a4 / 12.0);
}

}  // namespace patchbay
