#include "processors/graph/text_numbers.h"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "processors/graph/text_curves.h"
#include "processors/graph/text_units.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

bool IsSign(const Token& token) { return token.Is('-') || token.Is('+'); }

// How a curve gets to a point may come after its value.
bool IsUnit(const Token& token) {
  return token.Is('%') || (token.kind == Kind::kName && !CurveOf(token.text).has_value());
}

bool IsFraction(const TokenCursor& cursor, size_t ahead) {
  return cursor.Peek(ahead).Is('/') && cursor.Peek(ahead + 1).kind == Kind::kNumber;
}

template <typename T>
std::string Shortest(T number) {
  std::array<char, 32> digits;
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return std::string(digits.data(), result.ptr);
}

}  // namespace

const ParameterSpec& AnyNumber() {
  static const ParameterSpec& spec =
      *new ParameterSpec{.name = "a number outside parameters", .unit = Unit::kAny};
  return spec;
}

size_t NumberTokens(const TokenCursor& cursor, NumberPlace place) {
  size_t count = IsSign(cursor.Peek()) ? 1 : 0;
  if (cursor.Peek(count).kind != Kind::kNumber) return 0;
  ++count;
  if (place != NumberPlace::kNextOperand && IsFraction(cursor, count)) count += 2;
  return count + (IsUnit(cursor.Peek(count)) ? 1 : 0);
}

bool IsNote(const ParameterSpec& parameter, absl::string_view name) {
  return (parameter.unit == Unit::kHertz || parameter.unit == Unit::kAny) &&
         NoteFrequency(name).has_value();
}

bool StartsNumber(const ParameterSpec& parameter, const Token& token) {
  if (token.kind == Kind::kName) return IsNote(parameter, token.text);
  return token.kind == Kind::kNumber || IsSign(token);
}

absl::StatusOr<double> ParseNumber(const ParameterSpec& parameter, TokenCursor& cursor,
                                   NumberPlace place) {
  const Token& start = cursor.Peek();
  if (start.kind == Kind::kName && IsNote(parameter, start.text)) {
    return *NoteFrequency(cursor.Next().text);
  }
  const double sign = start.Is('-') ? -1 : 1;
  if (IsSign(start)) cursor.Next();
  if (cursor.Peek().kind != Kind::kNumber) return cursor.Expected("a number");
  double number = sign * cursor.Next().number;
  if (place != NumberPlace::kNextOperand && IsFraction(cursor, 0)) {
    cursor.Next();
    number /= cursor.Next().number;
  }
  if (IsUnit(cursor.Peek())) {
    const Token& unit = cursor.Next();
    if (unit.Is('%') && place != NumberPlace::kValue) {
      number /= 100;
    } else {
      const absl::StatusOr<double> converted = ConvertUnit(number, unit.text, parameter);
      if (!converted.ok()) return cursor.At(unit, converted.status());
      number = *converted;
    }
  }
  if (!std::isfinite(number)) return cursor.Error(start, "the number is not finite");
  return number;
}

absl::StatusOr<float> ParseFloat(const ParameterSpec& parameter, TokenCursor& cursor) {
  const Token& start = cursor.Peek();
  const bool is_signed = IsSign(start);
  // Not by way of a double, which could round twice.
  const bool plain = NumberTokens(cursor) == (is_signed ? 2 : 1);
  const std::string& digits = cursor.Peek(is_signed ? 1 : 0).text;
  PATCHBAY_ASSIGN_OR_RETURN(const double number, ParseNumber(parameter, cursor));
  float result = static_cast<float>(number);
  if (plain) {
    float magnitude = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
    if (read.ec == std::errc()) result = start.Is('-') ? -magnitude : magnitude;
  }
  if (!std::isfinite(result)) return cursor.Error(start, "the number is too large for a sample");
  return result;
}

std::string PrintNumber(double number) { return Shortest(number); }
std::string PrintNumber(float number) { return Shortest(number); }

}  // namespace patchbay
