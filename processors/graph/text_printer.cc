#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_lexer.h"

namespace patchbay {
namespace {

std::string Number(double number) {
  std::array<char, 32> digits;
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return std::string(digits.data(), result.ptr);
}

std::string Word(const std::string& word) { return IsName(word) ? word : Quoted(word); }

class Printer {
 public:
  explicit Printer(const Registry& registry) : registry_(registry) {}

  // Parts that are not set come out as '?', which does not parse.
  std::string Print(const v1::Expression& expression) const {
    switch (expression.kind_case()) {
      case v1::Expression::kCall:
        return Print(expression.call());
      case v1::Expression::kChain:
        if (expression.chain().steps_size() < 2) return InParentheses(expression);
        return Steps(expression.chain());
      case v1::Expression::kInput:
        return expression.input().has_index() ? absl::StrCat("in[", expression.input().index(), "]")
                                              : "in";
      case v1::Expression::KIND_NOT_SET:
        return "?";
    }
    return "?";
  }

 private:
  // As part of something larger.
  std::string InParentheses(const v1::Expression& expression) const {
    return expression.has_chain() ? absl::StrCat("(", Steps(expression.chain()), ")")
                                  : Print(expression);
  }

  std::string Steps(const v1::Chain& chain) const {
    return absl::StrJoin(chain.steps(), " | ", [this](std::string* out, const v1::Expression& e) {
      absl::StrAppend(out, InParentheses(e));
    });
  }

  std::string Print(const v1::Call& call) const {
    const std::string text = absl::StrCat(call.processor(), "(", Arguments(call), ")");
    return call.name().empty() ? text : absl::StrCat("(", Word(call.name()), " = ", text, ")");
  }

  std::string Arguments(const v1::Call& call) const {
    std::vector<std::pair<std::string, bool>> names;  // in order; whether it is a choice
    if (const auto type = registry_.Find(call.processor()); type.ok()) {
      for (const ParameterSpec& parameter : (*type)->spec.parameters) {
        names.emplace_back(parameter.name, parameter.type == ParameterType::kChoice);
      }
      for (const PortSpec& port : (*type)->spec.inputs) names.emplace_back(port.name, false);
    }
    const size_t num_known = names.size();
    for (const auto& [name, value] : call.arguments()) {
      const auto known = names.begin() + num_known;
      const bool is_known =
          std::any_of(names.begin(), known, [&](const auto& n) { return n.first == name; });
      if (!is_known) names.emplace_back(name, false);
    }
    std::sort(names.begin() + num_known, names.end());

    std::vector<std::string> arguments;
    for (const auto& [name, is_choice] : names) {
      const auto found = call.arguments().find(name);
      if (found == call.arguments().end()) continue;
      arguments.push_back(absl::StrCat(name, "=", Print(found->second, is_choice)));
    }
    return absl::StrJoin(arguments, ", ");
  }

  std::string Print(const v1::Value& value, bool is_choice) const {
    switch (value.kind_case()) {
      case v1::Value::kNumber:
        return Number(value.number());
      case v1::Value::kBoolean:
        return value.boolean() ? "true" : "false";
      case v1::Value::kChoice:
        return is_choice ? Word(value.choice()) : Quoted(value.choice());
      case v1::Value::kNumbers:
        return absl::StrCat("[",
                            absl::StrJoin(value.numbers().values(), ", ",
                                          [](std::string* out, double number) {
                                            absl::StrAppend(out, Number(number));
                                          }),
                            "]");
      case v1::Value::kClip:
        return absl::StrCat("@", Word(value.clip()));
      case v1::Value::kExpression:
        return InParentheses(value.expression());
      case v1::Value::KIND_NOT_SET:
        return "?";
    }
    return "?";
  }

  const Registry& registry_;
};

}  // namespace

std::string PrintText(const v1::Expression& expression, const Registry& registry) {
  return Printer(registry).Print(expression);
}

}  // namespace patchbay
