#include "processors/graph/text_expressions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/text_curves.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_targets.h"
#include "processors/graph/text_values.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

v1::Expression Constant(double value) {
  v1::Expression constant;
  constant.mutable_signal()->set_constant(value);
  return constant;
}

// What parentheses group without a trace.
bool IsGrouped(const v1::Expression& expression) {
  return expression.has_arithmetic() ||
         (expression.has_signal() && expression.signal().has_constant());
}

}  // namespace

// While it lives, the nesting is one deeper.
class ExpressionParser::Deeper {
 public:
  explicit Deeper(ExpressionParser& parser) : parser_(parser) { ++parser_.depth_; }
  ~Deeper() { --parser_.depth_; }

 private:
  ExpressionParser& parser_;
};

absl::StatusOr<v1::Expression> ExpressionParser::Parse() {
  PATCHBAY_ASSIGN_OR_RETURN(Parsed parsed, ParseChain(AnyNumber()));
  return std::move(parsed.expression);
}

absl::Status ExpressionParser::CountNode(const Token& place) {
  if (++num_nodes_ <= kMaxTextCalls) return absl::OkStatus();
  return cursor_.Error(
      place, absl::StrCat("more than ", kMaxTextCalls, " processors, definitions and operators"));
}

absl::Status ExpressionParser::TooDeep(const Token& place) const {
  return cursor_.Error(place, absl::StrCat("nested more than ", kMaxTextDepth, " deep"));
}

absl::Status ExpressionParser::Contain(const Token& place, const Parsed& inner, Parsed& outer) {
  outer.height = std::max(outer.height, inner.height + 1);
  return outer.height <= kMaxTextDepth ? absl::OkStatus() : TooDeep(place);
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParseChain(const ParameterSpec& unit) {
  const Token& start = cursor_.Peek();
  PATCHBAY_ASSIGN_OR_RETURN(Parsed first, ParseSum(unit));
  if (!cursor_.Peek().Is('|')) return first;
  Parsed chain;
  PATCHBAY_RETURN_IF_ERROR(AddStep(start, std::move(first), chain));
  while (cursor_.Take('|')) {
    const Token& place = cursor_.Peek();
    PATCHBAY_ASSIGN_OR_RETURN(Parsed step, ParseSum(unit));
    if (step.expression.has_input()) {
      return cursor_.Error(place, "an input can only be the first step of a chain");
    }
    PATCHBAY_RETURN_IF_ERROR(AddStep(place, std::move(step), chain));
  }
  return chain;
}

absl::Status ExpressionParser::AddStep(const Token& place, Parsed step, Parsed& chain) {
  *chain.expression.mutable_chain()->add_steps() = std::move(step.expression);
  return Contain(place, step, chain);
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParseSum(const ParameterSpec& unit) {
  PATCHBAY_ASSIGN_OR_RETURN(Parsed sum, ParseProduct(unit));
  while (cursor_.Peek().Is('+') || cursor_.Peek().Is('-')) {
    const Token& symbol = cursor_.Next();
    const v1::Operator op = symbol.Is('+') ? v1::OPERATOR_ADD : v1::OPERATOR_SUBTRACT;
    PATCHBAY_ASSIGN_OR_RETURN(Parsed right, ParseProduct(unit));
    PATCHBAY_ASSIGN_OR_RETURN(sum, Combine(symbol, op, std::move(sum), std::move(right)));
  }
  return sum;
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParseProduct(const ParameterSpec& unit) {
  PATCHBAY_ASSIGN_OR_RETURN(Parsed product, ParseUnary(unit, NumberPlace::kFirstOperand));
  while (cursor_.Peek().Is('*') || cursor_.Peek().Is('/')) {
    const Token& symbol = cursor_.Next();
    const v1::Operator op = symbol.Is('*') ? v1::OPERATOR_MULTIPLY : v1::OPERATOR_DIVIDE;
    PATCHBAY_ASSIGN_OR_RETURN(Parsed right, ParseUnary(unit, NumberPlace::kNextOperand));
    PATCHBAY_ASSIGN_OR_RETURN(product, Combine(symbol, op, std::move(product), std::move(right)));
  }
  return product;
}

absl::StatusOr<ParsedExpression> ExpressionParser::Combine(const Token& place, v1::Operator op,
                                                           Parsed left, Parsed right) {
  PATCHBAY_RETURN_IF_ERROR(CountNode(place));
  Parsed parsed;
  v1::Arithmetic& arithmetic = *parsed.expression.mutable_arithmetic();
  arithmetic.set_operator_(op);
  *arithmetic.mutable_left() = std::move(left.expression);
  *arithmetic.mutable_right() = std::move(right.expression);
  PATCHBAY_RETURN_IF_ERROR(Contain(place, left, parsed));
  PATCHBAY_RETURN_IF_ERROR(Contain(place, right, parsed));
  return parsed;
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParseUnary(const ParameterSpec& unit,
                                                              NumberPlace place) {
  const Deeper deeper(*this);
  const Token& start = cursor_.Peek();
  if (depth_ > kMaxTextDepth) return TooDeep(start);
  if (NumberTokens(cursor_, place) > 0) {
    PATCHBAY_ASSIGN_OR_RETURN(const double number, ParseNumber(unit, cursor_, place));
    return Parsed{.expression = Constant(number)};
  }
  if (!cursor_.Take('-')) return ParsePostfix(unit);
  PATCHBAY_ASSIGN_OR_RETURN(Parsed negated, ParseUnary(unit, NumberPlace::kNextOperand));
  return Combine(start, v1::OPERATOR_MULTIPLY, {.expression = Constant(-1)}, std::move(negated));
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParsePostfix(const ParameterSpec& unit) {
  PATCHBAY_ASSIGN_OR_RETURN(Parsed parsed, ParsePrimary(unit));
  while (cursor_.Peek().Is('[') || cursor_.Peek().Is('.')) {
    const Token& symbol = cursor_.Next();
    Parsed one;
    v1::Selection& selection = *one.expression.mutable_selection();
    *selection.mutable_of() = std::move(parsed.expression);
    if (symbol.Is('[')) {
      PATCHBAY_ASSIGN_OR_RETURN(const int32_t index, ParseIndex("a clip"));
      selection.set_index(index);
    } else {
      const Token& name = cursor_.Peek();
      if (name.kind != Kind::kName && name.kind != Kind::kString) {
        return cursor_.Expected("the name of a control output");
      }
      selection.set_output(cursor_.Next().text);
    }
    PATCHBAY_RETURN_IF_ERROR(Contain(symbol, parsed, one));
    parsed = std::move(one);
  }
  return parsed;
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParsePrimary(const ParameterSpec& unit) {
  const Token& start = cursor_.Peek();
  if (start.kind == Kind::kName) return ParseName(unit);
  if (start.kind == Kind::kString) {
    if (!scope_.Has(start.text)) return cursor_.At(start, scope_.UnknownReference(start.text));
    Parsed reference;
    reference.expression.mutable_reference()->set_name(cursor_.Next().text);
    return reference;
  }
  if (cursor_.Take('(')) return ParseParentheses(unit);
  if (cursor_.Take('[')) return ParseList(unit);
  if (!start.Is('{')) return cursor_.Expected(kStart);
  Parsed curve;
  PATCHBAY_ASSIGN_OR_RETURN(*curve.expression.mutable_signal(), ParseCurve(unit, cursor_));
  return curve;
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParseName(const ParameterSpec& unit) {
  const Token& name = cursor_.Peek();
  if (name.text == "in") return ParseInput();
  if (cursor_.Peek(1).Is('(')) return ParseCall(/*may_be_other=*/false);
  Parsed parsed;
  if (scope_.Has(name.text)) {
    parsed.expression.mutable_reference()->set_name(cursor_.Next().text);
    return parsed;
  }
  if (!IsNote(unit, name.text)) return ParseCall(/*may_be_other=*/true);
  PATCHBAY_ASSIGN_OR_RETURN(const double number, ParseNumber(unit, cursor_));
  parsed.expression = Constant(number);
  return parsed;
}

// From after '('.
absl::StatusOr<ParsedExpression> ExpressionParser::ParseParentheses(const ParameterSpec& unit) {
  const Token& start = cursor_.Peek();
  Parsed parsed;
  if (StartsDefinition(cursor_)) {
    PATCHBAY_ASSIGN_OR_RETURN(parsed, ParseNamedCall());
  } else {
    PATCHBAY_ASSIGN_OR_RETURN(Parsed inside, ParseChain(unit));
    const bool is_step = inside.in_parentheses || !inside.expression.has_chain();
    if (is_step && (inside.in_parentheses || !IsGrouped(inside.expression))) {
      PATCHBAY_RETURN_IF_ERROR(AddStep(start, std::move(inside), parsed));
    } else {
      parsed = std::move(inside);
    }
  }
  if (!cursor_.Take(')')) return cursor_.Expected("')'");
  parsed.in_parentheses = true;
  return parsed;
}

// From the name in '(name = call)'.
absl::StatusOr<ParsedExpression> ExpressionParser::ParseNamedCall() {
  const Token& name = cursor_.Next();
  cursor_.Next();
  if (cursor_.Peek().kind != Kind::kName) return cursor_.Expected("a processor to name");
  PATCHBAY_ASSIGN_OR_RETURN(Parsed parsed, ParseCall(/*may_be_other=*/false));
  parsed.expression.mutable_call()->set_name(name.text);
  return parsed;
}

// From after '['.
absl::StatusOr<ParsedExpression> ExpressionParser::ParseList(const ParameterSpec& unit) {
  Parsed list;
  do {
    const Token& start = cursor_.Peek();
    PATCHBAY_ASSIGN_OR_RETURN(Parsed item, ParseChain(unit));
    *list.expression.mutable_list()->add_items() = std::move(item.expression);
    PATCHBAY_RETURN_IF_ERROR(Contain(start, item, list));
  } while (cursor_.Take(','));
  if (!cursor_.Take(']')) return cursor_.Expected("',' or ']'");
  return list;
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParseInput() {
  cursor_.Next();
  Parsed parsed;
  v1::Input& input = *parsed.expression.mutable_input();
  if (!cursor_.Take('[') || cursor_.Take(']')) return parsed;
  PATCHBAY_ASSIGN_OR_RETURN(const int32_t index, ParseIndex("an input"));
  input.set_index(index);
  return parsed;
}

// From after '['.
absl::StatusOr<int32_t> ExpressionParser::ParseIndex(absl::string_view what) {
  const Token& token = cursor_.Peek();
  if (token.kind != Kind::kNumber || token.number != std::floor(token.number) ||
      token.number > std::numeric_limits<int32_t>::max()) {
    return cursor_.Expected(absl::StrCat("the number of ", what, ", counted from 0"));
  }
  const auto index = static_cast<int32_t>(cursor_.Next().number);
  if (!cursor_.Take(']')) return cursor_.Expected("']'");
  return index;
}

absl::StatusOr<ParsedExpression> ExpressionParser::ParseCall(bool may_be_other) {
  const Token& name = cursor_.Next();
  PATCHBAY_RETURN_IF_ERROR(CountNode(name));
  const absl::StatusOr<std::string> full = scope_.CompleteProcessor(name.text, may_be_other);
  if (!full.ok()) return cursor_.At(name, full.status());
  PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* const type, registry_.Find(*full));
  Parsed call;
  call.expression.mutable_call()->set_processor(*full);
  if (cursor_.Take('(')) PATCHBAY_RETURN_IF_ERROR(ParseArguments(type->spec, call));
  return call;
}

// From after '('.
absl::Status ExpressionParser::ParseArguments(const ProcessorSpec& spec, Parsed& call) {
  if (cursor_.Take(')')) return absl::OkStatus();
  ArgumentTargets targets(spec, scope_);
  do {
    const Token& start = cursor_.Peek();
    PATCHBAY_ASSIGN_OR_RETURN(const ArgumentTargets::Target target, targets.Next(cursor_));
    v1::Value value;
    PATCHBAY_RETURN_IF_ERROR(ParseArgument(spec, target.parameter, value, call));
    auto& arguments = *call.expression.mutable_call()->mutable_arguments();
    if (!arguments.insert({target.name, std::move(value)}).second) {
      return cursor_.Error(start, absl::StrCat(target.name, " of ", spec.name, " is given twice"));
    }
  } while (cursor_.Take(','));
  return cursor_.Take(')') ? absl::OkStatus() : cursor_.Expected("',' or ')'");
}

absl::Status ExpressionParser::ParseArgument(const ProcessorSpec& spec,
                                             const ParameterSpec* parameter, v1::Value& value,
                                             Parsed& call) {
  if (parameter != nullptr &&
      (!IsControllable(*parameter) || IsPlainNumber(*parameter, scope_, cursor_))) {
    PATCHBAY_ASSIGN_OR_RETURN(value, ParseValue(spec, *parameter, cursor_));
    return absl::OkStatus();
  }
  const Token& start = cursor_.Peek();
  PATCHBAY_ASSIGN_OR_RETURN(Parsed parsed,
                            ParseChain(parameter != nullptr ? *parameter : AnyNumber()));
  if (parameter != nullptr && parsed.expression.has_list()) {
    return cursor_.Error(
        start, absl::StrCat(parameter->name, " of ", spec.name, " takes one signal, not a list"));
  }
  *value.mutable_expression() = std::move(parsed.expression);
  return Contain(start, parsed, call);
}

}  // namespace patchbay
