#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/balance.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"
#include "processors/graph/graph_resolver.h"

namespace patchbay {

absl::StatusOr<std::string> Resolver::NodeName(const std::string& wanted, bool is_defined,
                                               const std::string& processor) {
  if (is_defined) return wanted;  // it was taken when it was defined
  if (!wanted.empty()) {
    if (names_.insert(wanted).second) return wanted;
    return InvalidArgument(absl::StrCat("two nodes are named '", wanted, "': rename one"),
                           {.path = wanted});
  }
  std::string name = processor;
  for (int n = 2; !names_.insert(name).second; ++n) name = absl::StrCat(processor, "_", n);
  return name;
}

absl::StatusOr<ParameterValue> Resolver::ToParameterValue(const v1::Value& value,
                                                          const std::string& path) {
  switch (value.kind_case()) {
    case v1::Value::kNumber:
      return ParameterValue(value.number());
    case v1::Value::kBoolean:
      return ParameterValue(value.boolean());
    case v1::Value::kChoice:
      return ParameterValue(value.choice());
    case v1::Value::kNumbers:
      return ParameterValue(
          std::vector<double>(value.numbers().values().begin(), value.numbers().values().end()));
    case v1::Value::kClip: {
      const auto clip = inputs_.clips.find(value.clip());
      if (clip != inputs_.clips.end()) return ParameterValue(clip->second);
      std::vector<std::string> known;
      for (const auto& [name, unused] : inputs_.clips) known.push_back(name);
      return InvalidArgument(
          absl::StrCat(path, ": no clip named '", value.clip(), "' came with the request",
                       DidYouMean(value.clip(), known)),
          {.path = path, .value = value.clip(), .allowed = absl::StrJoin(known, ", ")});
    }
    case v1::Value::kExpression:
      return InvalidArgument(absl::StrCat(path,
                                          " is fixed when the session opens: give it a "
                                          "value, not a control signal"),
                             {.path = path});
    case v1::Value::KIND_NOT_SET:
      break;
  }
  return InvalidArgument(absl::StrCat(path, " has no value"), {.path = path});
}

absl::Status Resolver::Connect(Operand operand, const std::string& path,
                               std::vector<Operand>& port) {
  if (!IsAudio(operand)) {
    return InvalidArgument(absl::StrCat(path, " takes audio, and was given a control signal"),
                           {.path = path});
  }
  port.push_back(operand);
  return absl::OkStatus();
}

absl::Status Resolver::SetControl(int parameter, const std::string& path, const Operand& operand,
                                  Node& node, Values& values) {
  const ParameterSpec& spec = node.type->spec.parameters[parameter];
  const Node& source = graph_.nodes[operand.node];
  if (const std::optional<double> constant = ConstantOf(operand)) {
    values[spec.name] = *constant;
  } else if (operand.is_control()) {
    node.controls[parameter] = operand;
  } else if (source.kind == Node::Kind::kSignal) {
    node.curves[parameter] = source.signal;
  } else if (source.kind == Node::Kind::kAlias) {
    return InvalidArgument(absl::StrCat(path, ": '", source.name,
                                        "' is not finished here: a control signal cannot "
                                        "be fed back"),
                           {.path = path});
  } else {
    return InvalidArgument(
        absl::StrCat(path, " takes a control signal, and was given audio: follow it first, as in ",
                     "envelope_follower(in[1])"),
        {.path = path});
  }
  return absl::OkStatus();
}

absl::Status Resolver::SetArgument(const std::string& argument, const v1::Value& value, int depth,
                                   Node& node, Values& values) {
  const ProcessorSpec& spec = node.type->spec;
  const std::string path = absl::StrCat(node.name, ".", argument);
  const auto port = std::ranges::find(spec.inputs, argument, &PortSpec::name);
  if (port != spec.inputs.end()) {
    if (!value.has_expression()) {
      return InvalidArgument(
          absl::StrCat(path, " is an audio input: give it audio, as in ", argument, "=in[1]"),
          {.path = path});
    }
    PATCHBAY_ASSIGN_OR_RETURN(const Operand operand,
                              Resolve(value.expression(), all_inputs_, "", depth + 1));
    return Connect(operand, path, node.ports[port - spec.inputs.begin()]);
  }
  const int parameter = spec.FindParameter(argument);
  const bool moves = parameter >= 0 && spec.parameters[parameter].rate != Rate::kFixed;
  if (moves && value.has_expression()) {
    PATCHBAY_ASSIGN_OR_RETURN(const Operand operand,
                              Resolve(value.expression(), all_inputs_, "", depth + 1));
    return SetControl(parameter, path, operand, node, values);
  }
  if (parameter < 0) {
    values[argument] = 0.0;  // Parameters::Create knows what to say
    return absl::OkStatus();
  }
  PATCHBAY_ASSIGN_OR_RETURN(values[argument], ToParameterValue(value, path));
  return absl::OkStatus();
}

absl::StatusOr<Graph::Operand> Resolver::ResolveCall(const v1::Call& call, const Incoming& incoming,
                                                     const std::string& name, int depth) {
  PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* type, Registry::Global().Find(call.processor()));
  const ProcessorSpec& spec = type->spec;
  Node node = {.type = type, .ports = std::vector<std::vector<Operand>>(spec.inputs.size())};
  const bool is_defined = call.name().empty() && !name.empty();
  PATCHBAY_ASSIGN_OR_RETURN(
      node.name, NodeName(is_defined ? name : call.name(), is_defined, call.processor()));
  Values values;
  const v1::Value* balance = nullptr;
  for (const auto& [argument, value] : call.arguments()) {
    if (argument == BalanceParameter().name && spec.FindParameter(argument) < 0) {
      balance = &value;
    } else {
      PATCHBAY_RETURN_IF_ERROR(SetArgument(argument, value, depth, node, values));
    }
  }
  if (spec.inputs.empty()) {
    if (incoming.is_explicit) {
      return InvalidArgument(absl::StrCat(node.name, " takes no input: it can only start a chain"),
                             {.path = node.name});
    }
  } else if (node.ports[0].empty()) {
    if (!incoming.is_explicit && inputs_.num_inputs == 0) {
      return InvalidArgument(
          absl::StrCat(node.name,
                       " needs audio and there is none: give an input, or start the chain "
                       "with a generator such as oscillator()"),
          {.path = node.name});
    }
    node.ports[0] = {incoming.audio};
  } else if (incoming.is_explicit) {
    return InvalidArgument(absl::StrCat(node.name, ".", spec.inputs[0].name,
                                        " is given twice: by the chain, and by its name"),
                           {.path = absl::StrCat(node.name, ".", spec.inputs[0].name)});
  }
  PATCHBAY_ASSIGN_OR_RETURN(Parameters parameters, Parameters::Create(spec, values, node.name));
  node.parameters.push_back(std::move(parameters));
  Operand operand;
  PATCHBAY_ASSIGN_OR_RETURN(operand.node, NewNode(std::move(node)));
  if (spec.outputs.empty()) operand.control_output = 0;
  if (balance == nullptr) return operand;
  return WithBalance(*balance, operand.node, depth);
}

absl::StatusOr<Graph::Operand> Resolver::WithBalance(const v1::Value& value, int wet, int depth) {
  const Node& processor = graph_.nodes[wet];
  const ProcessorSpec& spec = processor.type->spec;
  const bool fits = spec.timing == Timing::kStreaming && spec.outputs.size() == 1 &&
                    !spec.outputs[0].repeated && !spec.inputs.empty() && !spec.inputs[0].repeated;
  const std::string path = absl::StrCat(processor.name, ".", BalanceParameter().name);
  if (!fits) {
    return InvalidArgument(
        absl::StrCat(path, ": only a processor that streams one clip in and one out has a balance"),
        {.path = path});
  }
  PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* type, Registry::Global().Find("dry_wet"));
  Node node = {.name = absl::StrCat(processor.name, "_balance"),
               .type = type,
               .ports = {processor.ports[0], {Operand{wet}}}};
  PATCHBAY_ASSIGN_OR_RETURN(node.name, NodeName("", false, node.name));
  Values values;
  PATCHBAY_RETURN_IF_ERROR(SetArgument(BalanceParameter().name, value, depth, node, values));
  PATCHBAY_ASSIGN_OR_RETURN(Parameters parameters,
                            Parameters::Create(type->spec, values, node.name));
  node.parameters.push_back(std::move(parameters));
  PATCHBAY_ASSIGN_OR_RETURN(const int index, NewNode(std::move(node)));
  return Operand{index};
}

}  // namespace patchbay
