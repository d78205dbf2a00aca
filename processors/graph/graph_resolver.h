#ifndef PROCESSORS_GRAPH_GRAPH_RESOLVER_H_
#define PROCESSORS_GRAPH_GRAPH_RESOLVER_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/graph/graph.h"

namespace patchbay {

// Builds one Graph. Recursion is bounded by max_depth.
class Resolver {
 public:
  Resolver(const GraphInputs& inputs, const PlanLimits& limits)
      : inputs_(inputs), limits_(limits) {}

  absl::StatusOr<Graph> Run(const v1::Expression& expression);

 private:
  using Node = Graph::Node;
  using Operand = Graph::Operand;

  // What flows into an expression. A first processor takes all inputs of the session by itself.
  struct Incoming {
    Operand audio;
    bool is_explicit = false;
  };
  struct Definition {
    const v1::Expression* expression;
    enum class Mark { kNew, kOpen, kDone } mark = Mark::kNew;
    Operand operand;  // while it is open: an alias, once somebody asked for it
    int num_uses = 0;
  };

  absl::StatusOr<std::vector<Operand>> ResolveGraph(const v1::Graph& graph);
  absl::Status Define(const v1::Graph& graph);
  absl::StatusOr<Operand> ResolveDefinition(const std::string& name, Definition& definition);
  absl::StatusOr<Operand> Resolve(const v1::Expression& expression, const Incoming& incoming,
                                  const std::string& name, int depth);
  absl::StatusOr<Operand> ResolveInput(const v1::Input& input);
  absl::StatusOr<Operand> ResolveReference(const v1::Reference& reference);
  absl::StatusOr<Operand> ResolveChain(const v1::Chain& chain, const Incoming& incoming, int depth);
  absl::StatusOr<Operand> ResolveList(const v1::List& list, int depth);
  absl::StatusOr<Operand> ResolveSelection(const v1::Selection& selection, int depth);
  absl::StatusOr<Operand> ResolveArithmetic(const v1::Arithmetic& arithmetic, int depth);
  absl::StatusOr<Operand> ResolveCall(const v1::Call& call, const Incoming& incoming,
                                      const std::string& name, int depth);

  // In graph_resolver_call.cc:
  using Values = std::map<std::string, ParameterValue>;
  absl::StatusOr<std::string> NodeName(const std::string& wanted, bool is_defined,
                                       const std::string& processor);
  absl::StatusOr<ParameterValue> ToParameterValue(const v1::Value& value, const std::string& path);
  absl::Status Connect(Operand operand, const std::string& path, std::vector<Operand>& port);
  absl::Status SetControl(int parameter, const std::string& path, const Operand& operand,
                          Node& node, Values& values);
  absl::Status SetArgument(const std::string& argument, const v1::Value& value, int depth,
                           Node& node, Values& values);
  absl::StatusOr<Operand> WithBalance(const v1::Value& value, int wet, int depth);

  // In graph_resolver_arithmetic.cc:
  absl::StatusOr<Operand> NewConstant(double value);
  absl::StatusOr<Operand> NewCall(const std::string& processor, const std::vector<Operand>& audio,
                                  const std::map<std::string, Operand>& controls, Values values);
  absl::StatusOr<Operand> Combine(v1::Operator op, Operand left, Operand right);
  std::optional<double> ConstantOf(const Operand& operand) const;

  absl::StatusOr<int> NewNode(Node node);
  bool IsAudio(const Operand& operand) const {
    return !operand.is_control() && graph_.nodes[operand.node].kind != Node::Kind::kSignal;
  }

  // In graph_resolver_finish.cc:
  absl::Status ReplaceAliases();
  // A list that is put out is as many outputs, which need not be alike.
  void FlattenOutputs();
  absl::Status CheckUse();

  const GraphInputs& inputs_;
  const PlanLimits& limits_;
  Graph graph_;
  std::map<std::string, Definition> definitions_;
  std::set<std::string> names_;  // of nodes and definitions
  int num_processors_ = 0;
  Incoming all_inputs_;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_GRAPH_RESOLVER_H_
