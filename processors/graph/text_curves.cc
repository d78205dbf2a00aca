#include "processors/graph/text_curves.h"

#include <cmath>
#include <cstring>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/graph/text_numbers.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

struct NamedCurve {
  const char* name;
  v1::Curve curve;
};

constexpr NamedCurve kCurves[] = {{"linear", v1::CURVE_LINEAR},
                                  {"step", v1::CURVE_STEP},
                                  {"exponential", v1::CURVE_EXPONENTIAL},
                                  {"smooth", v1::CURVE_SMOOTH}};

ParameterSpec Quantity(const char* name, Unit unit) {
  ParameterSpec spec;
  spec.name = name;
  spec.unit = unit;
  return spec;
}

// Unspecified, if none comes next.
v1::Curve TakeCurve(TokenCursor& cursor) {
  if (cursor.Peek().kind != Kind::kName) return v1::CURVE_UNSPECIFIED;
  const std::optional<v1::Curve> curve = CurveOf(cursor.Peek().text);
  if (curve.has_value()) cursor.Next();
  return curve.value_or(v1::CURVE_UNSPECIFIED);
}

// After a space, or nothing if it is unspecified.
std::string PrintShape(v1::Curve curve) {
  if (curve == v1::CURVE_UNSPECIFIED) return "";
  for (const NamedCurve& named : kCurves) {
    if (named.curve == curve) return absl::StrCat(" ", named.name);
  }
  return " ?";
}

// Every position is exact: not by way of a double. `num_tokens` with the unit.
absl::StatusOr<int64_t> ParseFrames(size_t num_tokens, TokenCursor& cursor) {
  const Token& start = cursor.Peek();
  std::string digits;
  for (size_t i = 1; i < num_tokens; ++i) absl::StrAppend(&digits, cursor.Next().text);
  cursor.Next();
  int64_t frame = 0;
  if (!absl::SimpleAtoi(digits, &frame)) {
    return cursor.Error(start, absl::StrCat("frames are whole numbers, not ", digits));
  }
  return frame;
}

absl::Status ParsePosition(size_t num_tokens, TokenCursor& cursor, v1::Breakpoint& point) {
  if (cursor.Peek(num_tokens - 1).text == "frames") {
    PATCHBAY_ASSIGN_OR_RETURN(const int64_t frame, ParseFrames(num_tokens, cursor));
    point.set_frame(frame);
    return absl::OkStatus();
  }
  PATCHBAY_ASSIGN_OR_RETURN(const double seconds,
                            ParseNumber(Quantity("a time", Unit::kSeconds), cursor));
  point.set_time_seconds(seconds);
  return absl::OkStatus();
}

absl::StatusOr<v1::Breakpoint> ParsePoint(const ParameterSpec& parameter, TokenCursor& cursor) {
  v1::Breakpoint point;
  const size_t num_tokens = NumberTokens(cursor);
  if (num_tokens > 0 && cursor.Peek(num_tokens).Is(':')) {
    PATCHBAY_RETURN_IF_ERROR(ParsePosition(num_tokens, cursor, point));
    cursor.Next();
  }
  if (!StartsNumber(parameter, cursor.Peek())) {
    return cursor.Expected("a point of the curve, such as '0.5s: 1'");
  }
  PATCHBAY_ASSIGN_OR_RETURN(const double value, ParseNumber(parameter, cursor));
  point.set_value(value);
  point.set_curve(TakeCurve(cursor));
  return point;
}

// From after '['.
absl::StatusOr<v1::SampledCurve> ParseSamples(const ParameterSpec& parameter, TokenCursor& cursor) {
  v1::SampledCurve samples;
  do {
    PATCHBAY_ASSIGN_OR_RETURN(const float value, ParseFloat(parameter, cursor));
    samples.mutable_values()->append(reinterpret_cast<const char*>(&value), sizeof(value));
  } while (cursor.Take(','));
  if (!cursor.Take(']')) return cursor.Expected("',' or ']'");
  if (NumberTokens(cursor) > 0) {
    const Token& start = cursor.Peek();
    PATCHBAY_ASSIGN_OR_RETURN(const double rate_hz,
                              ParseNumber(Quantity("a rate", Unit::kHertz), cursor));
    if (rate_hz <= 0) return cursor.Error(start, "the rate of the values must be positive");
    samples.set_rate_hz(rate_hz);
  }
  const Token& shape = cursor.Peek();
  samples.set_curve(TakeCurve(cursor));
  if (samples.curve() == v1::CURVE_EXPONENTIAL || samples.curve() == v1::CURVE_SMOOTH) {
    return cursor.Error(shape, "between values at a rate, a curve is linear or step");
  }
  return samples;
}

std::string Print(const v1::Breakpoint& point) {
  std::string position;
  if (point.has_time_seconds()) position = PrintNumber(point.time_seconds()) + "s: ";
  if (point.has_frame()) position = absl::StrCat(point.frame(), "frames: ");
  return absl::StrCat(position, PrintNumber(point.value()), PrintShape(point.curve()));
}

std::string Print(const v1::SampledCurve& samples) {
  std::vector<std::string> values;
  for (size_t at = 0; at + sizeof(float) <= samples.values().size(); at += sizeof(float)) {
    float value;
    std::memcpy(&value, samples.values().data() + at, sizeof(value));
    values.push_back(PrintNumber(value));
  }
  return absl::StrCat(
      "{[", absl::StrJoin(values, ", "), "]",
      samples.rate_hz() == 0 ? "" : absl::StrCat(" ", PrintNumber(samples.rate_hz()), "Hz"),
      PrintShape(samples.curve()), "}");
}

}  // namespace

std::optional<v1::Curve> CurveOf(absl::string_view name) {
  for (const NamedCurve& named : kCurves) {
    if (name == named.name) return named.curve;
  }
  return std::nullopt;
}

absl::StatusOr<v1::ControlSignal> ParseCurve(const ParameterSpec& parameter, TokenCursor& cursor) {
  v1::ControlSignal signal;
  cursor.Next();
  if (cursor.Take('[')) {
    PATCHBAY_ASSIGN_OR_RETURN(*signal.mutable_samples(), ParseSamples(parameter, cursor));
  } else {
    do {
      PATCHBAY_ASSIGN_OR_RETURN(*signal.mutable_breakpoints()->add_points(),
                                ParsePoint(parameter, cursor));
    } while (cursor.Take(','));
  }
  if (!cursor.Take('}')) return cursor.Expected("',' or '}'");
  return signal;
}

std::string PrintCurve(const v1::ControlSignal& signal) {
  switch (signal.signal_case()) {
    case v1::ControlSignal::kBreakpoints:
      return absl::StrCat("{",
                          absl::StrJoin(signal.breakpoints().points(), ", ",
                                        [](std::string* out, const v1::Breakpoint& point) {
                                          absl::StrAppend(out, Print(point));
                                        }),
                          "}");
    case v1::ControlSignal::kSamples:
      return Print(signal.samples());
    case v1::ControlSignal::kConstant:
    case v1::ControlSignal::SIGNAL_NOT_SET:
      break;
  }
  return "?";
}

}  // namespace patchbay
