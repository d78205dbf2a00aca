#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/balance.h"
#include "processors/graph/text_curves.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_lexer.h"
#include "processors/graph/text_numbers.h"

namespace patchbay {
namespace {

std::string Word(const std::string& word) { return IsName(word) ? word : Quoted(word); }

bool IsConstant(const v1::Expression& expression) {
  return expression.has_signal() && expression.signal().has_constant();
}

bool IsSum(v1::Operator op) { return op == v1::OPERATOR_ADD || op == v1::OPERATOR_SUBTRACT; }

const char* Symbol(v1::Operator op) {
  switch (op) {
    case v1::OPERATOR_ADD:
      return " + ";
    case v1::OPERATOR_SUBTRACT:
      return " - ";
    case v1::OPERATOR_MULTIPLY:
      return " * ";
    case v1::OPERATOR_DIVIDE:
      return " / ";
    default:
      return " ? ";
  }
}

// Parts that are not set come out as '?', which does not parse.
class Printer {
 public:
  explicit Printer(const Registry& registry) : registry_(registry) {}

  std::string Print(const v1::Expression& expression) const {
    if (expression.has_graph()) return Print(expression.graph());
    if (expression.has_chain() && expression.chain().steps_size() > 1) {
      return Steps(expression.chain());
    }
    return Sum(expression);
  }

 private:
  // As operand of '|' and of operators, and as something that nothing needs to be put around. What
  // is looser than that comes in parentheses.
  std::string Sum(const v1::Expression& expression) const {
    return expression.has_arithmetic() ? Print(expression.arithmetic()) : Operand(expression);
  }
  std::string Operand(const v1::Expression& expression) const {
    return IsConstant(expression) ? PrintNumber(expression.signal().constant())
                                  : Primary(expression);
  }
  std::string Primary(const v1::Expression& expression) const {
    switch (expression.kind_case()) {
      case v1::Expression::kCall:
        return Print(expression.call());
      case v1::Expression::kChain:
        return InParentheses(expression.chain());
      case v1::Expression::kInput:
        return expression.input().has_index() ? absl::StrCat("in[", expression.input().index(), "]")
                                              : "in";
      case v1::Expression::kReference: {
        const std::string& name = expression.reference().name();
        return name == "in" ? Quoted(name) : Word(name);
      }
      case v1::Expression::kList:
        return absl::StrCat("[", Joined(expression.list().items(), ", "), "]");
      case v1::Expression::kSelection:
        return Print(expression.selection());
      case v1::Expression::kArithmetic:
        return absl::StrCat("(", Print(expression.arithmetic()), ")");
      case v1::Expression::kSignal:
        return IsConstant(expression) ? absl::StrCat("(", Operand(expression), ")")
                                      : PrintCurve(expression.signal());
      case v1::Expression::kGraph:
      case v1::Expression::kText:
      case v1::Expression::KIND_NOT_SET:
        return "?";
    }
    return "?";
  }

  std::string Joined(const google::protobuf::RepeatedPtrField<v1::Expression>& expressions,
                     const char* separator) const {
    return absl::StrJoin(expressions, separator,
                         [this](std::string* out, const v1::Expression& expression) {
                           absl::StrAppend(out, Print(expression));
                         });
  }

  std::string Print(const v1::Graph& graph) const {
    std::string text;
    for (const v1::Definition& definition : graph.definitions()) {
      const std::string& name = definition.name();
      absl::StrAppend(&text, name == "in" ? Quoted(name) : Word(name), " = ",
                      Print(definition.expression()), "\n");
    }
    return text + Joined(graph.outputs(), "\n");
  }

  std::string Steps(const v1::Chain& chain) const {
    return absl::StrJoin(chain.steps(), " | ", [this](std::string* out, const v1::Expression& e) {
      absl::StrAppend(out, Sum(e));
    });
  }

  // Around one step, parentheses make a chain, unless it is a number or arithmetic.
  std::string InParentheses(const v1::Chain& chain) const {
    const bool is_one = chain.steps_size() == 1;
    const bool is_grouped =
        is_one && (IsConstant(chain.steps(0)) || chain.steps(0).has_arithmetic());
    return absl::StrCat("(", is_grouped ? Primary(chain.steps(0)) : Steps(chain), ")");
  }

  std::string Print(const v1::Arithmetic& arithmetic) const {
    const v1::Operator op = arithmetic.operator_();
    const v1::Expression& left = arithmetic.left();
    const v1::Expression& right = arithmetic.right();
    const bool left_is_looser =
        left.has_arithmetic() && IsSum(left.arithmetic().operator_()) && !IsSum(op);
    const bool right_is_tighter =
        right.has_arithmetic() && !IsSum(right.arithmetic().operator_()) && IsSum(op);
    // 2/3 would be a number.
    const bool is_fraction = op == v1::OPERATOR_DIVIDE && IsConstant(left) && IsConstant(right) &&
                             !std::signbit(right.signal().constant());
    return absl::StrCat(left_is_looser || is_fraction ? Primary(left) : Sum(left), Symbol(op),
                        right_is_tighter ? Sum(right) : Operand(right));
  }

  std::string Print(const v1::Selection& selection) const {
    const v1::Expression& of = selection.of();
    switch (selection.what_case()) {
      case v1::Selection::kIndex:
        // in[0] would be an input.
        return absl::StrCat(Primary(of), of.has_input() && !of.input().has_index() ? "[]" : "", "[",
                            selection.index(), "]");
      case v1::Selection::kOutput: {
        const bool is_name =
            IsName(selection.output()) && !absl::StrContains(selection.output(), '/');
        return absl::StrCat(Primary(of), ".",
                            is_name ? selection.output() : Quoted(selection.output()));
      }
      case v1::Selection::WHAT_NOT_SET:
        break;
    }
    return "?";
  }

  std::string Print(const v1::Call& call) const {
    const std::string text = absl::StrCat(call.processor(), "(", Arguments(call), ")");
    return call.name().empty() ? text : absl::StrCat("(", Word(call.name()), " = ", text, ")");
  }

  // In the order of the table, then what it does not know, then what all processors have.
  std::string Arguments(const v1::Call& call) const {
    std::vector<std::string> names;
    std::set<std::string> choices;
    if (const auto type = registry_.Find(call.processor()); type.ok()) {
      for (const ParameterSpec& parameter : (*type)->spec.parameters) {
        names.push_back(parameter.name);
        if (parameter.type == ParameterType::kChoice) choices.insert(parameter.name);
      }
      for (const PortSpec& port : (*type)->spec.inputs) names.push_back(port.name);
    }
    const std::string& balance = BalanceParameter().name;
    std::set<std::string> others;
    for (const auto& [name, value] : call.arguments()) {
      if (std::ranges::count(names, name) == 0 && name != balance) others.insert(name);
    }
    names.insert(names.end(), others.begin(), others.end());
    if (std::ranges::count(names, balance) == 0) names.push_back(balance);

    std::vector<std::string> arguments;
    for (const std::string& name : names) {
      const auto found = call.arguments().find(name);
      if (found == call.arguments().end()) continue;
      arguments.push_back(absl::StrCat(name, "=", Print(found->second, choices.contains(name))));
    }
    return absl::StrJoin(arguments, ", ");
  }

  std::string Print(const v1::Value& value, bool is_choice) const {
    switch (value.kind_case()) {
      case v1::Value::kNumber:
        return PrintNumber(value.number());
      case v1::Value::kBoolean:
        return value.boolean() ? "true" : "false";
      case v1::Value::kChoice:
        return is_choice ? Word(value.choice()) : Quoted(value.choice());
      case v1::Value::kNumbers:
        return absl::StrCat("[",
                            absl::StrJoin(value.numbers().values(), ", ",
                                          [](std::string* out, double number) {
                                            absl::StrAppend(out, PrintNumber(number));
                                          }),
                            "]");
      case v1::Value::kClip:
        return absl::StrCat("@", Word(value.clip()));
      case v1::Value::kExpression:
        // A number in parentheses is a signal.
        return value.expression().has_arithmetic() ? Print(value.expression().arithmetic())
                                                   : Primary(value.expression());
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
