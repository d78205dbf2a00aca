#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/text_cursor.h"
#include "processors/graph/text_form.h"

namespace patchbay {
namespace {

using Function = absl::FunctionRef<absl::Status(v1::Expression&)>;

absl::Status ForEach(google::protobuf::RepeatedPtrField<v1::Expression>& parts, Function function) {
  for (v1::Expression& part : parts) PATCHBAY_RETURN_IF_ERROR(function(part));
  return absl::OkStatus();
}

// The Expressions that an Expression consists of; arguments by name, since a map has no order.
absl::Status ForEachPart(v1::Expression& expression, Function function) {
  switch (expression.kind_case()) {
    case v1::Expression::kCall: {
      std::map<std::string, v1::Value*> arguments;
      for (auto& [name, value] : *expression.mutable_call()->mutable_arguments()) {
        if (value.has_expression()) arguments[name] = &value;
      }
      for (const auto& [name, value] : arguments) {
        PATCHBAY_RETURN_IF_ERROR(function(*value->mutable_expression()));
      }
      return absl::OkStatus();
    }
    case v1::Expression::kChain:
      return ForEach(*expression.mutable_chain()->mutable_steps(), function);
    case v1::Expression::kGraph:
      for (v1::Definition& definition : *expression.mutable_graph()->mutable_definitions()) {
        PATCHBAY_RETURN_IF_ERROR(function(*definition.mutable_expression()));
      }
      return ForEach(*expression.mutable_graph()->mutable_outputs(), function);
    case v1::Expression::kList:
      return ForEach(*expression.mutable_list()->mutable_items(), function);
    case v1::Expression::kArithmetic:
      PATCHBAY_RETURN_IF_ERROR(function(*expression.mutable_arithmetic()->mutable_left()));
      return function(*expression.mutable_arithmetic()->mutable_right());
    case v1::Expression::kSelection:
      return function(*expression.mutable_selection()->mutable_of());
    default:
      return absl::OkStatus();
  }
}

int Height(v1::Expression& expression) {
  int parts = 0;
  ForEachPart(expression, [&parts](v1::Expression& part) {
    parts = std::max(parts, Height(part));
    return absl::OkStatus();
  }).IgnoreError();
  return parts + 1;
}

void Rename(const std::map<std::string, std::string>& names, v1::Expression& expression) {
  if (expression.has_reference()) {
    const auto found = names.find(expression.reference().name());
    if (found != names.end()) expression.mutable_reference()->set_name(found->second);
  }
  ForEachPart(expression, [&names](v1::Expression& part) {
    Rename(names, part);
    return absl::OkStatus();
  }).IgnoreError();
}

// What a text is called in messages.
std::string Excerpt(absl::string_view text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  return Shown({.kind = Token::Kind::kString,
                .offset = 0,
                .text = std::string(text.substr(0, text.find('\n')))});
}

class PartsParser {
 public:
  PartsParser(const Registry& registry, const std::vector<std::string>& input_names)
      : registry_(registry),
        input_names_(input_names),
        taken_(input_names.begin(), input_names.end()) {}

  absl::StatusOr<v1::Expression> Run(v1::Expression expression) {
    for (const v1::Definition& definition : expression.graph().definitions()) {
      outer_names_.push_back(definition.name());
      taken_.insert(definition.name());
    }
    PATCHBAY_RETURN_IF_ERROR(Expand(expression, 0));
    if (definitions_.empty()) return expression;
    if (!expression.has_graph()) {
      v1::Expression whole;
      *whole.mutable_graph()->add_outputs() = std::move(expression);
      expression = std::move(whole);
    }
    for (v1::Definition& definition : definitions_) {
      *expression.mutable_graph()->add_definitions() = std::move(definition);
    }
    return expression;
  }

 private:
  // Replaces the texts in an Expression that stands in `depth` others.
  absl::Status Expand(v1::Expression& expression, int depth) {
    if (expression.has_text()) {
      PATCHBAY_ASSIGN_OR_RETURN(expression, Parse(expression.text(), depth));
      return absl::OkStatus();
    }
    if (expression.has_chain()) return ExpandSteps(*expression.mutable_chain(), depth + 1);
    return ForEachPart(expression,
                       [this, depth](v1::Expression& part) { return Expand(part, depth + 1); });
  }

  // A text that is a chain itself becomes as many steps.
  absl::Status ExpandSteps(v1::Chain& chain, int depth) {
    v1::Chain expanded;
    for (v1::Expression& step : *chain.mutable_steps()) {
      const bool was_text = step.has_text();
      PATCHBAY_RETURN_IF_ERROR(Expand(step, depth));
      if (was_text && step.has_chain()) {
        expanded.MergeFrom(step.chain());
      } else {
        *expanded.add_steps() = std::move(step);
      }
    }
    chain = std::move(expanded);
    return absl::OkStatus();
  }

  absl::StatusOr<v1::Expression> Parse(const std::string& text, int depth) {
    if (++num_texts_ > kMaxTextCalls) {
      return absl::InvalidArgumentError(
          absl::StrCat("the description has more than ", kMaxTextCalls, " texts in it"));
    }
    absl::StatusOr<v1::Expression> parsed = ParseText(text, registry_, input_names_, outer_names_);
    if (!parsed.ok()) {
      return Prefixed(absl::StrCat("in ", Excerpt(text), ", "), parsed.status());
    }
    v1::Expression expression =
        parsed->has_graph() ? TakeGraph(*parsed->mutable_graph()) : *std::move(parsed);
    if (depth + Height(expression) > kMaxTextDepth) {
      return absl::InvalidArgumentError(absl::StrCat("in ", Excerpt(text), ": nested more than ",
                                                     kMaxTextDepth,
                                                     " deep, with what is around it"));
    }
    return expression;
  }

  // Keeps the definitions, under names of their own. Returns the outputs.
  v1::Expression TakeGraph(v1::Graph& graph) {
    std::map<std::string, std::string> names;
    for (v1::Definition& definition : *graph.mutable_definitions()) {
      std::string name = definition.name();
      for (int number = 2; !taken_.insert(name).second; ++number) {
        name = absl::StrCat(definition.name(), "_", number);
      }
      names[definition.name()] = name;
      definition.set_name(name);
    }
    for (v1::Definition& definition : *graph.mutable_definitions()) {
      Rename(names, *definition.mutable_expression());
      definitions_.push_back(std::move(definition));
    }
    for (v1::Expression& output : *graph.mutable_outputs()) Rename(names, output);
    if (graph.outputs_size() == 1) return std::move(*graph.mutable_outputs(0));
    v1::Expression list;
    *list.mutable_list()->mutable_items() = std::move(*graph.mutable_outputs());
    return list;
  }

  const Registry& registry_;
  const std::vector<std::string>& input_names_;
  std::vector<std::string> outer_names_;
  std::set<std::string> taken_;
  std::vector<v1::Definition> definitions_;  // of the texts
  int num_texts_ = 0;
};

}  // namespace

absl::StatusOr<v1::Expression> ParseParts(v1::Expression expression, const Registry& registry,
                                          const std::vector<std::string>& input_names) {
  if (expression.has_text()) return ParseText(expression.text(), registry, input_names);
  return PartsParser(registry, input_names).Run(std::move(expression));
}

}  // namespace patchbay
