#include "processors/graph/text_values.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/parameters.h"
#include "processors/graph/text_names.h"
#include "processors/graph/text_numbers.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

bool IsWord(const Token& token) { return token.kind == Kind::kName || token.kind == Kind::kString; }

// From after '['.
absl::Status ParseNumbers(const ParameterSpec& parameter, TokenCursor& cursor,
                          v1::NumberList& numbers) {
  if (cursor.Take(']')) return absl::OkStatus();
  do {
    if (!StartsNumber(parameter, cursor.Peek())) return cursor.Expected("a number");
    PATCHBAY_ASSIGN_OR_RETURN(const double number, ParseNumber(parameter, cursor));
    numbers.add_values(number);
  } while (cursor.Take(','));
  return cursor.Take(']') ? absl::OkStatus() : cursor.Expected("',' or ']'");
}

}  // namespace

bool TakesName(const ParameterSpec& parameter, absl::string_view name) {
  return parameter.type == ParameterType::kChoice || parameter.type == ParameterType::kBoolean ||
         IsNote(parameter, name);
}

absl::StatusOr<v1::Value> ParseValue(const ProcessorSpec& processor, const ParameterSpec& parameter,
                                     TokenCursor& cursor) {
  v1::Value value;
  const Token& start = cursor.Peek();
  switch (parameter.type) {
    case ParameterType::kNumber:
    case ParameterType::kInteger: {
      if (!StartsNumber(parameter, start)) break;
      PATCHBAY_ASSIGN_OR_RETURN(const double number, ParseNumber(parameter, cursor));
      value.set_number(number);
      return value;
    }
    case ParameterType::kBoolean:
      if (start.kind != Kind::kName || (start.text != "true" && start.text != "false")) break;
      value.set_boolean(cursor.Next().text == "true");
      return value;
    case ParameterType::kChoice: {
      if (!IsWord(start)) break;
      auto full = CompleteName(start.text, parameter.choices, "choice", parameter.name);
      if (!full.ok()) return cursor.At(start, full.status());
      value.set_choice(*std::move(full));
      cursor.Next();
      return value;
    }
    case ParameterType::kNumberList:
      if (!cursor.Take('[')) break;
      PATCHBAY_RETURN_IF_ERROR(ParseNumbers(parameter, cursor, *value.mutable_numbers()));
      return value;
    case ParameterType::kClip:
      if (!cursor.Take('@')) return cursor.Expected("'@' and the name of a clip");
      if (!IsWord(cursor.Peek())) return cursor.Expected("the name of a clip");
      value.set_clip(cursor.Next().text);
      return value;
  }
  const std::string allowed = AllowedValues(parameter);
  const bool is_number =
      parameter.type == ParameterType::kNumber || parameter.type == ParameterType::kInteger;
  const bool starts_signal = start.kind == Kind::kName || start.Is('(') || start.Is('{');
  return cursor.Error(
      start,
      absl::StrCat(parameter.name, " of ", processor.name, " takes ", allowed, ", not ",
                   Shown(start), is_number && starts_signal ? "; nothing can control it" : ""),
      {.path = absl::StrCat(processor.name, ".", parameter.name),
       .value = start.text,
       .allowed = allowed});
}

}  // namespace patchbay
