#include "processors/graph/text_targets.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/balance.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"
#include "processors/graph/text_names.h"
#include "processors/graph/text_numbers.h"
#include "processors/graph/text_values.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

// Whether this is most likely meant to be the name of the universal parameter.
bool IsNearBalance(absl::string_view typed) {
  const std::string& balance = BalanceParameter().name;
  return absl::StartsWith(balance, typed) || !NearestName(typed, {balance}).empty();
}

// Whether the expression goes on after this many tokens.
bool GoesOn(const TokenCursor& cursor, size_t num_tokens) {
  const Token& next = cursor.Peek(num_tokens);
  return next.kind == Kind::kSymbol && absl::StrContains("+-*/|.[(", next.text);
}

}  // namespace

bool IsControllable(const ParameterSpec& parameter) {
  return parameter.type == ParameterType::kNumber && parameter.rate != Rate::kFixed;
}

bool IsPlainNumber(const ParameterSpec& parameter, const TextScope& scope,
                   const TokenCursor& cursor) {
  const Token& start = cursor.Peek();
  const bool is_note = start.kind == Kind::kName && IsNote(parameter, start.text) &&
                       !(IsControllable(parameter) && scope.Has(start.text));
  const size_t num_tokens = is_note ? 1 : NumberTokens(cursor);
  return num_tokens > 0 && !GoesOn(cursor, num_tokens);
}

ArgumentTargets::ArgumentTargets(const ProcessorSpec& spec, TextScope& scope)
    : spec_(spec), scope_(scope) {
  for (const ParameterSpec& parameter : spec.parameters) names_.push_back(parameter.name);
  for (const PortSpec& port : spec.inputs) names_.push_back(port.name);
}

absl::StatusOr<ArgumentTargets::Target> ArgumentTargets::Next(TokenCursor& cursor) {
  const Token& start = cursor.Peek();
  if (start.kind == Kind::kName && cursor.Peek(1).Is('=')) return ByName(cursor);
  if (named_) {
    return cursor.Error(start, "arguments without a name must come before those with one");
  }
  const bool has_parameter = next_parameter_ < spec_.parameters.size();
  const bool has_port = next_port_ < spec_.inputs.size();
  const ParameterSpec* const next = has_parameter ? &spec_.parameters[next_parameter_] : nullptr;
  const bool is_value = IsValue(next, cursor);
  const bool is_control = !is_value && scope_.IsControl(cursor);
  if (has_port && !is_value && !(is_control && has_parameter)) {
    return Target{spec_.inputs[next_port_++].name, nullptr};
  }
  if (has_parameter && (is_value || is_control || IsControllable(*next))) {
    ++next_parameter_;
    return Target{next->name, next};
  }
  return cursor.Error(start, absl::StrCat("too many arguments without a name; ", spec_.name,
                                          " takes ", absl::StrJoin(names_, ", ")));
}

absl::StatusOr<ArgumentTargets::Target> ArgumentTargets::ByName(TokenCursor& cursor) {
  const Token& start = cursor.Next();
  cursor.Next();
  named_ = true;
  const ParameterSpec& balance = BalanceParameter();
  std::vector<std::string> known = names_;
  const bool is_short = std::ranges::any_of(
      known, [&](const std::string& name) { return absl::StartsWith(name, start.text); });
  if (!is_short && IsNearBalance(start.text)) known.push_back(balance.name);
  const auto full = CompleteName(start.text, known, "parameter", spec_.name);
  if (!full.ok()) return cursor.At(start, full.status());
  const int parameter = spec_.FindParameter(*full);
  if (parameter >= 0) return Target{*full, &spec_.parameters[parameter]};
  const bool is_port = std::ranges::count(names_, *full) > 0;
  return Target{*full, is_port ? nullptr : &balance};
}

bool ArgumentTargets::IsValue(const ParameterSpec* next, const TokenCursor& cursor) const {
  const Token& start = cursor.Peek();
  const ParameterSpec& parameter = next != nullptr ? *next : AnyNumber();
  const bool controllable = IsControllable(parameter);
  switch (start.kind) {
    case Kind::kName:
      return start.text != "in" && TakesName(parameter, start.text) && !GoesOn(cursor, 1) &&
             !(controllable && scope_.Has(start.text));
    case Kind::kString:
      return !scope_.Has(start.text) || parameter.type == ParameterType::kChoice;
    case Kind::kSymbol:
      if (start.Is('[')) return cursor.Peek(1).Is(']') || StartsNumber(parameter, cursor.Peek(1));
      return start.Is('@') || IsPlainNumber(parameter, scope_, cursor);
    case Kind::kNumber:
      return IsPlainNumber(parameter, scope_, cursor);
    case Kind::kEnd:
    case Kind::kError:
      return false;
  }
  return false;
}

}  // namespace patchbay
