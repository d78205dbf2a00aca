#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"
#include "processors/graph/text_cursor.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_names.h"
#include "processors/graph/text_values.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

// Recursive descent, one function for each rule of the grammar.
class Parser {
 public:
  Parser(absl::string_view text, const Registry& registry) : registry_(registry), cursor_(text) {
    for (const ProcessorType* type : registry.All()) processors_.push_back(type->spec.name);
  }

  absl::StatusOr<v1::Expression> Parse() {
    PATCHBAY_ASSIGN_OR_RETURN(v1::Expression expression, ParseExpression());
    if (cursor_.Peek().kind != Kind::kEnd) return cursor_.Expected("'|' or the end");
    return expression;
  }

 private:
  // While it lives, the nesting is one deeper.
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Deeper() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  absl::StatusOr<v1::Expression> ParseExpression() {
    PATCHBAY_ASSIGN_OR_RETURN(v1::Expression first, ParseStep());
    if (!cursor_.Peek().Is('|')) return first;
    return ParseChain(std::move(first));
  }

  // From after the first step.
  absl::StatusOr<v1::Expression> ParseChain(v1::Expression first) {
    v1::Expression expression;
    v1::Chain& chain = *expression.mutable_chain();
    *chain.add_steps() = std::move(first);
    while (cursor_.Take('|')) {
      const Token& start = cursor_.Peek();
      PATCHBAY_ASSIGN_OR_RETURN(v1::Expression step, ParseStep());
      if (step.has_input()) {
        return cursor_.Error(start, "an input can only be the first step of a chain");
      }
      *chain.add_steps() = std::move(step);
    }
    return expression;
  }

  absl::StatusOr<v1::Expression> ParseStep() {
    const Deeper deeper(*this);
    if (depth_ > kMaxTextDepth) {
      return cursor_.Error(cursor_.Peek(),
                           absl::StrCat("nested more than ", kMaxTextDepth, " deep"));
    }
    if (cursor_.Take('(')) return ParseParentheses();
    if (cursor_.Peek().kind != Kind::kName) {
      return cursor_.Expected("a processor, 'in' or '('");
    }
    return cursor_.Peek().text == "in" ? ParseInput() : ParseCall();
  }

  // From after '('.
  absl::StatusOr<v1::Expression> ParseParentheses() {
    v1::Expression expression;
    const Token& start = cursor_.Peek();
    if ((start.kind == Kind::kName || start.kind == Kind::kString) && cursor_.Peek(1).Is('=')) {
      cursor_.Next();
      cursor_.Next();
      if (cursor_.Peek().kind != Kind::kName) return cursor_.Expected("a processor to name");
      PATCHBAY_ASSIGN_OR_RETURN(expression, ParseCall());
      expression.mutable_call()->set_name(start.text);
    } else {
      PATCHBAY_ASSIGN_OR_RETURN(v1::Expression first, ParseStep());
      PATCHBAY_ASSIGN_OR_RETURN(expression, ParseChain(std::move(first)));
    }
    if (!cursor_.Take(')')) return cursor_.Expected("')'");
    return expression;
  }

  absl::StatusOr<v1::Expression> ParseInput() {
    cursor_.Next();
    v1::Expression expression;
    v1::Input& input = *expression.mutable_input();
    if (cursor_.Take('[')) {
      constexpr double kMaxIndex = 1 << 20;  // more than any session has
      const Token& token = cursor_.Peek();
      if (token.kind != Kind::kNumber || token.number != std::floor(token.number) ||
          token.number > kMaxIndex) {
        return cursor_.Expected("the number of an input, counted from 0");
      }
      input.set_index(static_cast<int32_t>(token.number));
      cursor_.Next();
      if (!cursor_.Take(']')) return cursor_.Expected("']'");
    }
    return expression;
  }

  absl::StatusOr<v1::Expression> ParseCall() {
    const Token& name = cursor_.Next();
    if (++num_calls_ > kMaxTextCalls) {
      return cursor_.Error(name, absl::StrCat("more than ", kMaxTextCalls, " processors"));
    }
    const absl::StatusOr<std::string> full = CompleteName(name.text, processors_, "processor", "");
    if (!full.ok()) return cursor_.At(name, full.status());
    PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* const type, registry_.Find(*full));
    v1::Expression expression;
    v1::Call& call = *expression.mutable_call();
    call.set_processor(*full);
    if (cursor_.Take('(')) PATCHBAY_RETURN_IF_ERROR(ParseArguments(type->spec, call));
    return expression;
  }

  // From after '('.
  absl::Status ParseArguments(const ProcessorSpec& spec, v1::Call& call) {
    if (cursor_.Take(')')) return absl::OkStatus();
    Targets targets(spec);
    do {
      const Token& start = cursor_.Peek();
      PATCHBAY_ASSIGN_OR_RETURN(const size_t target, ParseTarget(spec, targets));
      v1::Value value;
      if (target < spec.parameters.size()) {
        PATCHBAY_ASSIGN_OR_RETURN(value, ParseValue(spec, spec.parameters[target], cursor_));
      } else {
        PATCHBAY_ASSIGN_OR_RETURN(*value.mutable_expression(), ParseExpression());
      }
      const std::string& name = targets.names[target];
      if (!call.mutable_arguments()->insert({name, std::move(value)}).second) {
        return cursor_.Error(start, absl::StrCat(name, " of ", spec.name, " is given twice"));
      }
    } while (cursor_.Take(','));
    return cursor_.Take(')') ? absl::OkStatus() : cursor_.Expected("',' or ')'");
  }

  // What the arguments of a call may be for.
  struct Targets {
    explicit Targets(const ProcessorSpec& spec) : next_port(spec.parameters.size()) {
      for (const ParameterSpec& parameter : spec.parameters) names.push_back(parameter.name);
      for (const PortSpec& port : spec.inputs) names.push_back(port.name);
    }

    std::vector<std::string> names;  // parameters, then input ports
    size_t next_parameter = 0;       // without a name
    size_t next_port;
    bool named = false;  // a name was used
  };

  // The position in targets.names that the next argument is for; its name is read.
  absl::StatusOr<size_t> ParseTarget(const ProcessorSpec& spec, Targets& targets) {
    const Token& start = cursor_.Peek();
    if (start.kind == Kind::kName && cursor_.Peek(1).Is('=')) {
      const auto full = CompleteName(start.text, targets.names, "parameter", spec.name);
      if (!full.ok()) return cursor_.At(start, full.status());
      cursor_.Next();
      cursor_.Next();
      targets.named = true;
      return std::ranges::find(targets.names, *full) - targets.names.begin();
    }
    if (targets.named) {
      return cursor_.Error(start, "arguments without a name must come before those with one");
    }
    const bool has_parameter = targets.next_parameter < spec.parameters.size();
    if (StartsExpression(has_parameter ? &spec.parameters[targets.next_parameter] : nullptr)) {
      if (targets.next_port < targets.names.size()) return targets.next_port++;
    } else if (has_parameter) {
      return targets.next_parameter++;
    }
    return cursor_.Error(start, absl::StrCat("too many arguments without a name; ", spec.name,
                                             " takes ", absl::StrJoin(targets.names, ", ")));
  }

  // Whether an argument without a name is for an input port. `next` is the parameter that it would
  // be for otherwise, or null.
  bool StartsExpression(const ParameterSpec* next) const {
    const Token& start = cursor_.Peek();
    const Token& second = cursor_.Peek(1);
    if (start.Is('(')) return true;
    if (start.kind != Kind::kName) return false;
    return start.text == "in" || second.Is('(') || second.Is('|') || next == nullptr ||
           !TakesName(*next, start.text);
  }

  const Registry& registry_;
  std::vector<std::string> processors_;
  TokenCursor cursor_;
  int depth_ = 0;
  int num_calls_ = 0;
};

}  // namespace

absl::StatusOr<v1::Expression> ParseText(absl::string_view text, const Registry& registry) {
  if (text.size() > kMaxTextBytes) {
    return InvalidArgument(absl::StrCat("column 1: the text has ", text.size(), " bytes; at most ",
                                        kMaxTextBytes, " are allowed"),
                           {.value = absl::StrCat(text.size(), " bytes"),
                            .allowed = absl::StrCat("at most ", kMaxTextBytes, " bytes")});
  }
  return Parser(text, registry).Parse();
}

}  // namespace patchbay
