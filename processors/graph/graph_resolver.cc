#include "processors/graph/graph_resolver.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"

namespace patchbay {

absl::StatusOr<Graph> Resolver::Run(const v1::Expression& expression) {
  PATCHBAY_ASSIGN_OR_RETURN(all_inputs_.audio.node, NewNode({.kind = Node::Kind::kInput}));
  if (expression.has_graph()) {
    PATCHBAY_ASSIGN_OR_RETURN(graph_.outputs, ResolveGraph(expression.graph()));
  } else {
    PATCHBAY_ASSIGN_OR_RETURN(const Operand output, Resolve(expression, all_inputs_, "", 0));
    graph_.outputs = {output};
  }
  PATCHBAY_RETURN_IF_ERROR(ReplaceAliases());
  FlattenOutputs();
  PATCHBAY_RETURN_IF_ERROR(CheckUse());
  return std::move(graph_);
}

absl::StatusOr<std::vector<Graph::Operand>> Resolver::ResolveGraph(const v1::Graph& graph) {
  PATCHBAY_RETURN_IF_ERROR(Define(graph));
  if (graph.outputs().empty()) {
    return absl::InvalidArgumentError(
        "the graph puts out nothing: end it with what you want to hear");
  }
  std::vector<Operand> outputs;
  for (const v1::Expression& output : graph.outputs()) {
    PATCHBAY_ASSIGN_OR_RETURN(const Operand operand, Resolve(output, all_inputs_, "", 1));
    outputs.push_back(operand);
  }
  for (auto& [name, definition] : definitions_) {
    if (definition.mark == Definition::Mark::kNew) {
      PATCHBAY_RETURN_IF_ERROR(ResolveDefinition(name, definition).status());
    }
    if (definition.num_uses > 0) continue;
    if (definition.operand.is_control()) {
      outputs.push_back(definition.operand);  // an analyser: its control signals are put out
    } else {
      graph_.warnings.push_back(absl::StrCat("'", name, "' is defined, but nothing uses it"));
    }
  }
  return outputs;
}

absl::Status Resolver::Define(const v1::Graph& graph) {
  if (graph.definitions_size() > limits_.max_nodes) {
    return TooMany("number of definitions", graph.definitions_size(), limits_.max_nodes);
  }
  for (const v1::Definition& definition : graph.definitions()) {
    const std::string& name = definition.name();
    if (name.empty()) return absl::InvalidArgumentError("a definition has no name");
    const bool is_input = std::ranges::count(inputs_.input_names, name) > 0;
    if (is_input || !definitions_.emplace(name, Definition{&definition.expression()}).second) {
      return InvalidArgument(
          absl::StrCat(is_input ? "an input is named '" : "two nodes are named '", name,
                       "' already: rename one"),
          {.path = name});
    }
    names_.insert(name);
  }
  return absl::OkStatus();
}

absl::StatusOr<Graph::Operand> Resolver::ResolveDefinition(const std::string& name,
                                                           Definition& definition) {
  switch (definition.mark) {
    case Definition::Mark::kDone:
      return definition.operand;
    case Definition::Mark::kOpen: {
      if (definition.operand.node < 0) {
        PATCHBAY_ASSIGN_OR_RETURN(definition.operand.node,
                                  NewNode({.kind = Node::Kind::kAlias, .name = name}));
      }
      return definition.operand;
    }
    case Definition::Mark::kNew:
      break;
  }
  definition.mark = Definition::Mark::kOpen;
  PATCHBAY_ASSIGN_OR_RETURN(const Operand operand,
                            Resolve(*definition.expression, all_inputs_, name, 1));
  if (definition.operand.node >= 0) graph_.nodes[definition.operand.node].ports = {{operand}};
  definition.operand = operand;
  definition.mark = Definition::Mark::kDone;
  return operand;
}

absl::StatusOr<Graph::Operand> Resolver::Resolve(const v1::Expression& expression,
                                                 const Incoming& incoming, const std::string& name,
                                                 int depth) {
  if (depth > limits_.max_depth) return TooMany("nesting depth", depth, limits_.max_depth);
  const bool takes_input = expression.has_call() || expression.has_chain();
  if (incoming.is_explicit && !takes_input && expression.kind_case() != 0) {
    return absl::InvalidArgumentError(expression.has_input()
                                          ? "'in' can only start a chain: put it first"
                                          : "after '|' comes a processor: put anything else first");
  }
  switch (expression.kind_case()) {
    case v1::Expression::kCall:
      return ResolveCall(expression.call(), incoming, name, depth);
    case v1::Expression::kChain:
      if (expression.chain().steps().empty()) break;
      return ResolveChain(expression.chain(), incoming, depth);
    case v1::Expression::kInput:
      return ResolveInput(expression.input());
    case v1::Expression::kReference:
      return ResolveReference(expression.reference());
    case v1::Expression::kList:
      return ResolveList(expression.list(), depth);
    case v1::Expression::kArithmetic:
      return ResolveArithmetic(expression.arithmetic(), depth);
    case v1::Expression::kSelection:
      return ResolveSelection(expression.selection(), depth);
    case v1::Expression::kSignal: {
      PATCHBAY_ASSIGN_OR_RETURN(
          const int node, NewNode({.kind = Node::Kind::kSignal, .signal = expression.signal()}));
      return Operand{node};
    }
    case v1::Expression::kGraph:
      return absl::InvalidArgumentError("definitions cannot be nested: put them side by side");
    case v1::Expression::kText:  // parsed before
    case v1::Expression::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "the description is empty: name a processor, such as 'gain(gain_db=-6)'");
}

absl::StatusOr<Graph::Operand> Resolver::ResolveInput(const v1::Input& input) {
  if (!input.has_index()) return all_inputs_.audio;
  if (input.index() < 0 || input.index() >= inputs_.num_inputs) {
    return InvalidArgument(
        absl::StrCat("in[", input.index(), "] does not exist: there ",
                     inputs_.num_inputs == 1 ? "is 1 input"
                                             : absl::StrCat("are ", inputs_.num_inputs, " inputs"),
                     ", counted from 0"),
        {.path = absl::StrCat("in[", input.index(), "]")});
  }
  PATCHBAY_ASSIGN_OR_RETURN(const int node,
                            NewNode({.kind = Node::Kind::kInput, .index = input.index()}));
  return Operand{node};
}

absl::StatusOr<Graph::Operand> Resolver::ResolveReference(const v1::Reference& reference) {
  const std::string& name = reference.name();
  if (const auto definition = definitions_.find(name); definition != definitions_.end()) {
    ++definition->second.num_uses;
    return ResolveDefinition(name, definition->second);
  }
  std::vector<std::string> known = inputs_.input_names;
  if (const auto input = std::ranges::find(known, name); input != known.end()) {
    v1::Input by_index;
    by_index.set_index(static_cast<int>(input - known.begin()));
    return ResolveInput(by_index);
  }
  for (const auto& [defined, unused] : definitions_) known.push_back(defined);
  return InvalidArgument(absl::StrCat("nothing is named '", name, "'", DidYouMean(name, known)),
                         {.path = name, .value = name, .allowed = absl::StrJoin(known, ", ")});
}

absl::StatusOr<Graph::Operand> Resolver::ResolveChain(const v1::Chain& chain,
                                                      const Incoming& incoming, int depth) {
  Incoming flow = incoming;
  for (int i = 0; i < chain.steps_size(); ++i) {
    PATCHBAY_ASSIGN_OR_RETURN(flow.audio, Resolve(chain.steps(i), flow, "", depth + 1));
    flow.is_explicit = true;
    if (i + 1 < chain.steps_size() && !IsAudio(flow.audio)) {
      return InvalidArgument(
          absl::StrCat("step ", i + 1,
                       " of a chain puts out a control signal, no audio: give it to a parameter, "
                       "as in gain(gain_db=lfo(2Hz))"),
          {.path = graph_.nodes[flow.audio.node].name});
    }
  }
  return flow.audio;
}

absl::StatusOr<Graph::Operand> Resolver::ResolveList(const v1::List& list, int depth) {
  if (list.items().empty()) return absl::InvalidArgumentError("a list is empty: [a, b]");
  Node node = {.kind = Node::Kind::kList, .ports = {{}}};
  for (const v1::Expression& item : list.items()) {
    PATCHBAY_ASSIGN_OR_RETURN(const Operand operand, Resolve(item, all_inputs_, "", depth + 1));
    PATCHBAY_RETURN_IF_ERROR(Connect(operand, "a list", node.ports[0]));
  }
  PATCHBAY_ASSIGN_OR_RETURN(const int index, NewNode(std::move(node)));
  return Operand{index};
}

absl::StatusOr<Graph::Operand> Resolver::ResolveSelection(const v1::Selection& selection,
                                                          int depth) {
  PATCHBAY_ASSIGN_OR_RETURN(const Operand of, Resolve(selection.of(), all_inputs_, "", depth + 1));
  const Node& source = graph_.nodes[of.node];
  switch (selection.what_case()) {
    case v1::Selection::kIndex: {
      if (!IsAudio(of) || selection.index() < 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            "[", selection.index(), "] picks one of several clips, counted from 0, and ",
            IsAudio(of) ? "is negative" : "stands after a control signal"));
      }
      PATCHBAY_ASSIGN_OR_RETURN(
          const int node,
          NewNode({.kind = Node::Kind::kItem, .ports = {{of}}, .index = selection.index()}));
      return Operand{node};
    }
    case v1::Selection::kOutput: {
      std::vector<std::string> known;
      if (source.is_processor()) {
        for (const ControlOutputSpec& output : source.type->spec.control_outputs) {
          known.push_back(output.name);
        }
      }
      const auto found = std::ranges::find(known, selection.output());
      if (found != known.end()) {
        return Operand{of.node, static_cast<int>(found - known.begin())};
      }
      return InvalidArgument(
          absl::StrCat(source.is_processor() ? source.name : "this", " has no control output '",
                       selection.output(), "'", DidYouMean(selection.output(), known)),
          {.path = selection.output(), .allowed = absl::StrJoin(known, ", ")});
    }
    case v1::Selection::WHAT_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("a selection says neither which clip nor which output");
}

absl::StatusOr<int> Resolver::NewNode(Node node) {
  // Lists, items and numbers are bounded by the size of the message; processors cost more.
  if (node.is_processor() && ++num_processors_ > limits_.max_nodes) {
    return TooMany("number of processors", num_processors_, limits_.max_nodes);
  }
  graph_.nodes.push_back(std::move(node));
  return static_cast<int>(graph_.nodes.size()) - 1;
}

}  // namespace patchbay
