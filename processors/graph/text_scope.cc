#include "processors/graph/text_scope.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_names.h"
#include "processors/graph/text_units.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

bool IsOpening(const Token& token) { return token.Is('(') || token.Is('[') || token.Is('{'); }
bool IsClosing(const Token& token) { return token.Is(')') || token.Is(']') || token.Is('}'); }

bool IsOperator(const Token& token) {
  return token.Is('+') || token.Is('-') || token.Is('*') || token.Is('/');
}

// The tokens before the first one outside brackets that `ends` holds for.
template <typename Predicate>
std::span<const Token> Until(std::span<const Token> tokens, Predicate ends) {
  int depth = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (depth == 0 && ends(tokens[i])) return tokens.first(i);
    if (IsOpening(tokens[i])) ++depth;
    if (IsClosing(tokens[i])) --depth;
    if (depth < 0 || tokens[i].kind == Kind::kEnd) return tokens.first(i);
  }
  return tokens;
}

bool NameAndEquals(std::span<const Token> tokens) {
  return tokens.size() >= 2 && (tokens[0].kind == Kind::kName || tokens[0].kind == Kind::kString) &&
         tokens[1].Is('=');
}

}  // namespace

bool StartsDefinition(const TokenCursor& cursor) { return NameAndEquals(cursor.Rest()); }

bool IsSeparator(const Token& token) { return token.Is('\n') || token.Is(';'); }

TextScope::TextScope(const Registry& registry, const std::vector<std::string>& input_names,
                     const std::vector<std::string>& outer_names)
    : registry_(&registry), input_names_(&input_names), outer_names_(&outer_names) {
  for (const ProcessorType* type : registry.All()) processors_.push_back(type->spec.name);
}

absl::StatusOr<TextScope> TextScope::Create(const TokenCursor& start, const Registry& registry,
                                            const std::vector<std::string>& input_names,
                                            const std::vector<std::string>& outer_names) {
  TextScope scope(registry, input_names, outer_names);
  Tokens rest = start.Rest();
  while (!rest.empty()) {
    const Tokens statement = Until(rest, IsSeparator);
    if (NameAndEquals(statement)) {
      const Token& name = statement[0];
      if (std::ranges::count(input_names, name.text) > 0) {
        return start.Error(name, absl::StrCat("'", name.text, "' is the name of an input"));
      }
      if (scope.definitions_.size() == kMaxTextCalls) {
        return start.Error(name, absl::StrCat("more than ", kMaxTextCalls, " definitions"));
      }
      const Definition definition = {.tokens = statement.subspan(2)};
      if (!scope.definitions_.insert({name.text, definition}).second) {
        return start.Error(name, absl::StrCat("'", name.text, "' is defined twice"));
      }
    }
    rest = rest.subspan(std::min(rest.size(), statement.size() + 1));
  }
  return scope;
}

bool TextScope::Has(absl::string_view name) const {
  return definitions_.contains(name) || std::ranges::count(*input_names_, name) > 0 ||
         std::ranges::count(*outer_names_, name) > 0;
}

absl::StatusOr<std::string> TextScope::CompleteProcessor(absl::string_view typed,
                                                         bool may_be_other) const {
  const bool is_short = std::ranges::any_of(
      processors_, [typed](const std::string& name) { return absl::StartsWith(name, typed); });
  const bool has_others = !definitions_.empty() || !input_names_->empty() || !outer_names_->empty();
  if (is_short || !may_be_other || !has_others) {
    return CompleteName(typed, processors_, "processor", "");
  }
  return Unknown("processor, definition or input", typed, processors_);
}

absl::Status TextScope::UnknownReference(absl::string_view name) const {
  return Unknown("definition or input", name, {});
}

absl::Status TextScope::Unknown(absl::string_view what, absl::string_view name,
                                std::vector<std::string> known) const {
  known.insert(known.end(), input_names_->begin(), input_names_->end());
  known.insert(known.end(), outer_names_->begin(), outer_names_->end());
  for (const auto& [defined, definition] : definitions_) known.push_back(defined);
  // The '/' of a mount is part of its name.
  const bool divides = absl::StrContains(name, '/') && Has(name.substr(0, name.find('/')));
  const std::string hint =
      divides ? "; to divide, write spaces around the '/'" : DidYouMean(name, known);
  return InvalidArgument(absl::StrCat("unknown ", what, " '", name, "'", hint),
                         {.path = std::string(name),
                          .value = std::string(name),
                          .allowed = absl::StrJoin(known, ", ")});
}

bool TextScope::IsControl(const TokenCursor& argument) {
  const auto is_end = [](const Token& token) { return token.Is(','); };
  return IsControl(Until(argument.Rest(), is_end), 1);
}

bool TextScope::IsControl(Tokens expression, int depth) {
  if (depth > kMaxTextDepth) return false;
  const auto symbol = [](char c) { return [c](const Token& token) { return token.Is(c); }; };
  Tokens step = Until(expression, symbol('|'));
  while (step.size() < expression.size()) {  // the last one is what comes out
    expression = expression.subspan(step.size() + 1);
    step = Until(expression, symbol('|'));
  }
  if (step.empty()) return false;
  if (Until(step, IsOperator).size() < step.size()) return IsControlSum(step, depth);
  if (Until(step, symbol('.')).size() < step.size()) return true;
  if (step[0].kind == Kind::kNumber || step[0].Is('{')) return true;
  if (step[0].Is('(')) {
    const Tokens inside = Until(step.subspan(1), symbol(')'));
    return IsControl(NameAndEquals(inside) ? inside.subspan(2) : inside, depth + 1);
  }
  if (step[0].kind == Kind::kString) return IsControlReference(step[0].text);
  if (step[0].kind != Kind::kName || step[0].text == "in") return false;
  const bool is_call = step.size() > 1 && step[1].Is('(');
  if (!is_call && Has(step[0].text)) return IsControlReference(step[0].text);
  return IsControlProcessor(step[0].text) || (!is_call && NoteFrequency(step[0].text).has_value());
}

// Unless there is audio in it.
bool TextScope::IsControlSum(Tokens sum, int depth) {
  while (true) {
    const Tokens operand = Until(sum, IsOperator);
    if (!operand.empty() && !IsControl(operand, depth + 1)) return false;
    if (operand.size() == sum.size()) return true;
    sum = sum.subspan(operand.size() + 1);
  }
}

bool TextScope::IsControlReference(absl::string_view name) {
  const auto found = definitions_.find(name);
  if (found == definitions_.end()) return false;
  Definition& definition = found->second;
  if (definition.kind == Definition::kUnknown) {
    definition.kind = Definition::kVisiting;  // what is defined by itself tells nothing
    const bool is_control = IsControl(definition.tokens, 1);
    definition.kind = is_control ? Definition::kControl : Definition::kOther;
  }
  return definition.kind == Definition::kControl;
}

bool TextScope::IsControlProcessor(absl::string_view typed) const {
  const auto name = CompleteName(typed, processors_, "processor", "");
  if (!name.ok()) return false;
  const auto type = registry_->Find(*name);
  return type.ok() && (*type)->spec.outputs.empty() && !(*type)->spec.control_outputs.empty();
}

}  // namespace patchbay
