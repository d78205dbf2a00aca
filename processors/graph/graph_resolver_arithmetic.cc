#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/graph_resolver.h"

namespace patchbay {
namespace {

// The processors that do the sums.
constexpr char kCombine[] = "combine";
constexpr char kMix[] = "mix";
constexpr char kScale[] = "scale";

double Calculate(v1::Operator op, double left, double right) {
  switch (op) {
    case v1::OPERATOR_ADD:
      return left + right;
    case v1::OPERATOR_SUBTRACT:
      return left - right;
    case v1::OPERATOR_MULTIPLY:
      return left * right;
    default:
      return left / right;
  }
}

const char* CombineOperation(v1::Operator op) {
  switch (op) {
    case v1::OPERATOR_ADD:
      return "add";
    case v1::OPERATOR_SUBTRACT:
      return "subtract";
    case v1::OPERATOR_MULTIPLY:
      return "multiply";
    default:
      return "divide";
  }
}

}  // namespace

std::optional<double> Resolver::ConstantOf(const Operand& operand) const {
  const Node& node = graph_.nodes[operand.node];
  const bool constant = !operand.is_control() && node.kind == Node::Kind::kSignal &&
                        node.signal.signal_case() == v1::ControlSignal::kConstant;
  if (!constant) return std::nullopt;
  return node.signal.constant();
}

absl::StatusOr<Graph::Operand> Resolver::NewConstant(double value) {
  if (!std::isfinite(value)) {
    return absl::InvalidArgumentError("the result of a calculation is not finite");
  }
  Node node = {.kind = Node::Kind::kSignal};
  node.signal.set_constant(value);
  PATCHBAY_ASSIGN_OR_RETURN(const int index, NewNode(std::move(node)));
  return Operand{index};
}

absl::StatusOr<Graph::Operand> Resolver::NewCall(const std::string& processor,
                                                 const std::vector<Operand>& audio,
                                                 const std::map<std::string, Operand>& controls,
                                                 Values values) {
  PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* type, Registry::Global().Find(processor));
  Node node = {.type = type};
  PATCHBAY_ASSIGN_OR_RETURN(node.name, NodeName("", false, processor));
  if (!audio.empty()) node.ports = {audio};
  for (const auto& [parameter, operand] : controls) {
    PATCHBAY_RETURN_IF_ERROR(SetControl(type->spec.FindParameter(parameter),
                                        absl::StrCat(node.name, ".", parameter), operand, node,
                                        values));
  }
  PATCHBAY_ASSIGN_OR_RETURN(Parameters parameters,
                            Parameters::Create(type->spec, values, node.name));
  node.parameters.push_back(std::move(parameters));
  Operand operand;
  PATCHBAY_ASSIGN_OR_RETURN(operand.node, NewNode(std::move(node)));
  if (type->spec.outputs.empty()) operand.control_output = 0;
  return operand;
}

absl::StatusOr<Graph::Operand> Resolver::Combine(v1::Operator op, Operand left, Operand right) {
  const std::optional<double> a = ConstantOf(left);
  const std::optional<double> b = ConstantOf(right);
  if (a.has_value() && b.has_value()) return NewConstant(Calculate(op, *a, *b));
  return NewCall(kCombine, {}, {{"a", left}, {"b", right}},
                 {{"operation", std::string(CombineOperation(op))}});
}

absl::StatusOr<Graph::Operand> Resolver::ResolveArithmetic(const v1::Arithmetic& arithmetic,
                                                           int depth) {
  PATCHBAY_ASSIGN_OR_RETURN(Operand left, Resolve(arithmetic.left(), all_inputs_, "", depth + 1));
  PATCHBAY_ASSIGN_OR_RETURN(Operand right, Resolve(arithmetic.right(), all_inputs_, "", depth + 1));
  const v1::Operator op = arithmetic.operator_();
  const bool audio_left = IsAudio(left);
  const bool audio_right = IsAudio(right);
  switch (op) {
    case v1::OPERATOR_ADD:
      if (audio_left && audio_right) return NewCall(kMix, {left, right}, {}, {});
      if (audio_right) std::swap(left, right);
      if (audio_left || audio_right) return NewCall(kScale, {left}, {{"offset", right}}, {});
      return Combine(op, left, right);
    case v1::OPERATOR_SUBTRACT: {
      if (audio_right) {
        PATCHBAY_ASSIGN_OR_RETURN(right, NewCall(kScale, {right}, {}, {{"mult", -1.0}}));
        if (audio_left) return NewCall(kMix, {left, right}, {}, {});
        return NewCall(kScale, {right}, {{"offset", left}}, {});
      }
      if (!audio_left) return Combine(op, left, right);
      PATCHBAY_ASSIGN_OR_RETURN(const Operand minus_one, NewConstant(-1));
      PATCHBAY_ASSIGN_OR_RETURN(right, Combine(v1::OPERATOR_MULTIPLY, minus_one, right));
      return NewCall(kScale, {left}, {{"offset", right}}, {});
    }
    case v1::OPERATOR_MULTIPLY:
      if (audio_left && audio_right) {
        return absl::InvalidArgumentError(
            "audio cannot be multiplied by audio: follow one of them first, as in "
            "in[0] * envelope_follower(in[1])");
      }
      if (audio_right) std::swap(left, right);
      if (audio_left || audio_right) return NewCall(kScale, {left}, {{"mult", right}}, {});
      return Combine(op, left, right);
    case v1::OPERATOR_DIVIDE: {
      if (audio_right) {
        return absl::InvalidArgumentError("nothing can be divided by audio: follow it first");
      }
      if (!audio_left) return Combine(op, left, right);
      PATCHBAY_ASSIGN_OR_RETURN(const Operand one, NewConstant(1));
      PATCHBAY_ASSIGN_OR_RETURN(right, Combine(op, one, right));
      return NewCall(kScale, {left}, {{"mult", right}}, {});
    }
    default:
      return absl::InvalidArgumentError("a calculation has no operator");
  }
}

}  // namespace patchbay
