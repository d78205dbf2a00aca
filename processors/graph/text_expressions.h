#ifndef PROCESSORS_GRAPH_TEXT_EXPRESSIONS_H_
#define PROCESSORS_GRAPH_TEXT_EXPRESSIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "patchbay/v1/description.pb.h"
#include "processors/core/registry.h"
#include "processors/graph/text_cursor.h"
#include "processors/graph/text_numbers.h"
#include "processors/graph/text_scope.h"

namespace patchbay {

// An Expression, and what its parser has to know of it.
struct ParsedExpression {
  v1::Expression expression;
  int height = 1;  // of the tree of Expressions
  bool in_parentheses = false;
};

// Parses the expressions of one text, by recursive descent: one function for each rule of the
// grammar. `unit` is the parameter that an expression controls: numbers are converted to its unit.
class ExpressionParser {
 public:
  // All must outlive it.
  ExpressionParser(TokenCursor& cursor, TextScope& scope, const Registry& registry)
      : cursor_(cursor), scope_(scope), registry_(registry) {}

  absl::StatusOr<v1::Expression> Parse();

  // Counts what becomes a node of the graph. INVALID_ARGUMENT if there are too many.
  absl::Status CountNode(const Token& place);

  // What every expression begins with, for messages; not all of it.
  static constexpr absl::string_view kStart = "a processor, 'in' or '('";

 private:
  using Parsed = ParsedExpression;
  class Deeper;

  absl::StatusOr<Parsed> ParseChain(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParseSum(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParseProduct(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParseUnary(const ParameterSpec& unit, NumberPlace place);
  absl::StatusOr<Parsed> ParsePostfix(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParsePrimary(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParseName(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParseParentheses(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParseNamedCall();
  absl::StatusOr<Parsed> ParseList(const ParameterSpec& unit);
  absl::StatusOr<Parsed> ParseInput();
  absl::StatusOr<Parsed> ParseCall(bool may_be_other);
  absl::Status ParseArguments(const ProcessorSpec& spec, Parsed& call);
  absl::Status ParseArgument(const ProcessorSpec& spec, const ParameterSpec* parameter,
                             v1::Value& value, Parsed& call);
  // Of an input or clip, and the ']' after it.
  absl::StatusOr<int32_t> ParseIndex(absl::string_view what);

  absl::StatusOr<Parsed> Combine(const Token& place, v1::Operator op, Parsed left, Parsed right);
  absl::Status AddStep(const Token& place, Parsed step, Parsed& chain);
  // Makes `outer` at least one higher than `inner`, which it contains.
  absl::Status Contain(const Token& place, const Parsed& inner, Parsed& outer);
  absl::Status TooDeep(const Token& place) const;

  TokenCursor& cursor_;
  TextScope& scope_;
  const Registry& registry_;
  int depth_ = 0;
  int num_nodes_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_EXPRESSIONS_H_
