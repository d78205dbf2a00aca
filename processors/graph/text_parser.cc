#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/text_cursor.h"
#include "processors/graph/text_expressions.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_scope.h"

namespace patchbay {
namespace {

using Kind = Token::Kind;

// The name of a definition, and '='.
absl::StatusOr<std::string> ParseDefinedName(TokenCursor& cursor) {
  const Token& name = cursor.Next();
  cursor.Next();
  if (name.text.empty()) return cursor.Error(name, "a definition needs a name");
  if (name.kind == Kind::kName && name.text == "in") {
    return cursor.Error(name, "'in' is the input of the session; take another name");
  }
  return name.text;
}

absl::Status ParseStatement(TokenCursor& cursor, ExpressionParser& parser, v1::Graph& graph) {
  const Token& start = cursor.Peek();
  v1::Expression* expression = nullptr;
  if (StartsDefinition(cursor)) {
    PATCHBAY_RETURN_IF_ERROR(parser.CountNode(start));
    v1::Definition& definition = *graph.add_definitions();
    PATCHBAY_ASSIGN_OR_RETURN(*definition.mutable_name(), ParseDefinedName(cursor));
    expression = definition.mutable_expression();
  } else {
    expression = graph.add_outputs();
  }
  PATCHBAY_ASSIGN_OR_RETURN(*expression, parser.Parse());
  const Token& end = cursor.Peek();
  if (end.kind != Kind::kEnd && !IsSeparator(end)) return cursor.Expected("'|' or the end");
  return absl::OkStatus();
}

absl::StatusOr<v1::Expression> ParseDescription(TokenCursor& cursor, ExpressionParser& parser) {
  v1::Graph graph;
  while (IsSeparator(cursor.Peek())) cursor.Next();
  while (cursor.Peek().kind != Kind::kEnd) {
    PATCHBAY_RETURN_IF_ERROR(ParseStatement(cursor, parser, graph));
    while (IsSeparator(cursor.Peek())) cursor.Next();
  }
  if (graph.outputs().empty() && graph.definitions().empty()) {
    return cursor.Expected(ExpressionParser::kStart);
  }
  if (graph.outputs().empty()) {
    return cursor.Error(cursor.Peek(),
                        absl::StrCat("nothing is put out: add an expression, such as ",
                                     graph.definitions().rbegin()->name()));
  }
  v1::Expression expression;
  if (graph.definitions().empty() && graph.outputs_size() == 1) {
    expression = std::move(*graph.mutable_outputs(0));
  } else {
    *expression.mutable_graph() = std::move(graph);
  }
  return expression;
}

}  // namespace

absl::StatusOr<v1::Expression> ParseText(absl::string_view text, const Registry& registry,
                                         const std::vector<std::string>& input_names,
                                         const std::vector<std::string>& outer_names) {
  if (text.size() > kMaxTextBytes) {
    return InvalidArgument(absl::StrCat("column 1: the text has ", text.size(), " bytes; at most ",
                                        kMaxTextBytes, " are allowed"),
                           {.value = absl::StrCat(text.size(), " bytes"),
                            .allowed = absl::StrCat("at most ", kMaxTextBytes, " bytes")});
  }
  TokenCursor cursor(text);
  PATCHBAY_ASSIGN_OR_RETURN(TextScope scope,
                            TextScope::Create(cursor, registry, input_names, outer_names));
  ExpressionParser parser(cursor, scope, registry);
  return ParseDescription(cursor, parser);
}

}  // namespace patchbay
