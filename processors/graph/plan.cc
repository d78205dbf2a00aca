#include "processors/graph/plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"

namespace patchbay {
namespace {

using Edges = std::vector<int>;

// What flows into an expression. A first processor takes all inputs of the session by itself.
struct Incoming {
  Edges edges;
  bool is_explicit = false;
};

// Builds one Plan. Recursion is bounded by max_depth.
class Planner {
 public:
  Planner(const PlanInputs& inputs, const PlanLimits& limits) : inputs_(inputs), limits_(limits) {}

  absl::StatusOr<Plan> Run(const v1::Expression& expression);

 private:
  absl::Status AddInputs();
  absl::StatusOr<Edges> Resolve(const v1::Expression& expression, const Incoming& incoming,
                                int depth);
  absl::StatusOr<Edges> ResolveInput(const v1::Input& input, const Incoming& incoming);
  absl::StatusOr<Edges> ResolveCall(const v1::Call& call, const Incoming& incoming, int depth);
  absl::StatusOr<std::string> NodeName(const v1::Call& call);
  absl::StatusOr<ParameterValue> ToParameterValue(const v1::Value& value, const std::string& path);
  absl::StatusOr<Edges> AddStep(int node, const Edges& inputs);
  absl::Status CheckPorts(const Plan::Node& node, const StreamFormat& format) const;
  int Aligned(int edge, int64_t latency_frames);
  absl::Status Finish(Edges outputs);

  const PlanInputs& inputs_;
  const PlanLimits& limits_;
  Plan plan_;
  std::set<std::string> names_;
  std::set<int> used_inputs_;
};

absl::Status TooMany(absl::string_view what, int64_t number, int64_t limit) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": ", number, "; at most ", limit, " are allowed"));
}

absl::StatusOr<Plan> Planner::Run(const v1::Expression& expression) {
  PATCHBAY_RETURN_IF_ERROR(AddInputs());
  PATCHBAY_ASSIGN_OR_RETURN(const Edges outputs,
                            Resolve(expression, {.edges = plan_.inputs}, /*depth=*/0));
  PATCHBAY_RETURN_IF_ERROR(Finish(outputs));
  return std::move(plan_);
}

absl::Status Planner::AddInputs() {
  const int rate = inputs_.sample_rate_hz;
  if (rate < 1 || rate > limits_.max_sample_rate_hz) {
    return InvalidArgument(
        absl::StrCat("sample_rate_hz = ", rate, " is not allowed: it takes 1 to ",
                     limits_.max_sample_rate_hz, " Hz"),
        {.path = "sample_rate_hz",
         .value = absl::StrCat(rate),
         .allowed = absl::StrCat("1 to ", limits_.max_sample_rate_hz)});
  }
  plan_.sample_rate_hz = rate;
  const int64_t num_inputs = static_cast<int64_t>(inputs_.input_channels.size());
  if (num_inputs > limits_.max_inputs) {
    return TooMany("number of inputs", num_inputs, limits_.max_inputs);
  }
  for (const int channels : inputs_.input_channels) {
    if (channels < 1 || channels > limits_.max_channels) {
      return InvalidArgument(
          absl::StrCat("num_channels = ", channels, " is not allowed: an input takes 1 to ",
                       limits_.max_channels, " channels"),
          {.path = "num_channels",
           .value = absl::StrCat(channels),
           .allowed = absl::StrCat("1 to ", limits_.max_channels)});
    }
    plan_.inputs.push_back(static_cast<int>(plan_.edges.size()));
    plan_.edges.push_back({.num_channels = channels});
  }
  return absl::OkStatus();
}

absl::StatusOr<Edges> Planner::Resolve(const v1::Expression& expression, const Incoming& incoming,
                                       int depth) {
  if (depth > limits_.max_depth) return TooMany("nesting depth", depth, limits_.max_depth);
  switch (expression.kind_case()) {
    case v1::Expression::kCall:
      return ResolveCall(expression.call(), incoming, depth);
    case v1::Expression::kInput:
      return ResolveInput(expression.input(), incoming);
    case v1::Expression::kChain: {
      if (expression.chain().steps().empty()) break;
      Incoming flow = incoming;
      for (const v1::Expression& step : expression.chain().steps()) {
        PATCHBAY_ASSIGN_OR_RETURN(flow.edges, Resolve(step, flow, depth + 1));
        flow.is_explicit = true;
      }
      return flow.edges;
    }
    case v1::Expression::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "the description is empty: name a processor, such as 'gain(gain_db=-6)'");
}

absl::StatusOr<Edges> Planner::ResolveInput(const v1::Input& input, const Incoming& incoming) {
  if (incoming.is_explicit) {
    return absl::InvalidArgumentError("'in' can only start a chain: put it first");
  }
  if (!input.has_index()) {
    used_inputs_.insert(plan_.inputs.begin(), plan_.inputs.end());
    return plan_.inputs;
  }
  const int count = static_cast<int>(plan_.inputs.size());
  if (input.index() < 0 || input.index() >= count) {
    return InvalidArgument(
        absl::StrCat("in[", input.index(), "] does not exist: there ",
                     count == 1 ? "is 1 input" : absl::StrCat("are ", count, " inputs"),
                     ", counted from 0"),
        {.path = absl::StrCat("in[", input.index(), "]")});
  }
  used_inputs_.insert(plan_.inputs[input.index()]);
  return Edges{plan_.inputs[input.index()]};
}

absl::StatusOr<std::string> Planner::NodeName(const v1::Call& call) {
  if (!call.name().empty()) {
    if (names_.insert(call.name()).second) return call.name();
    return InvalidArgument(absl::StrCat("two nodes are named '", call.name(), "': rename one"),
                           {.path = call.name()});
  }
  std::string name = call.processor();
  for (int n = 2; !names_.insert(name).second; ++n) name = absl::StrCat(call.processor(), "_", n);
  return name;
}

absl::StatusOr<ParameterValue> Planner::ToParameterValue(const v1::Value& value,
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
      return absl::UnimplementedError(
          absl::StrCat(path,
                       ": a parameter cannot be controlled by another processor yet; "
                       "give a value"));
    case v1::Value::KIND_NOT_SET:
      break;
  }
  return InvalidArgument(absl::StrCat(path, " has no value"), {.path = path});
}

absl::StatusOr<Edges> Planner::ResolveCall(const v1::Call& call, const Incoming& incoming,
                                           int depth) {
  PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* type, Registry::Global().Find(call.processor()));
  const ProcessorSpec& spec = type->spec;
  PATCHBAY_ASSIGN_OR_RETURN(const std::string name, NodeName(call));
  if (plan_.nodes.size() >= static_cast<size_t>(limits_.max_nodes)) {
    return TooMany("number of processors", limits_.max_nodes + 1, limits_.max_nodes);
  }

  // Ports other than the first are given by name; the rest of the arguments are parameters.
  std::map<std::string, ParameterValue> values;
  std::map<int, Edges> ports;
  for (const auto& [argument, value] : call.arguments()) {
    const std::string path = absl::StrCat(name, ".", argument);
    const auto port = std::ranges::find(spec.inputs, argument, &PortSpec::name);
    if (port != spec.inputs.end() && port != spec.inputs.begin()) {
      if (!value.has_expression()) {
        return InvalidArgument(
            absl::StrCat(path, " is an audio input: give it audio, as in ", argument, "=in[1]"),
            {.path = path});
      }
      PATCHBAY_ASSIGN_OR_RETURN(ports[static_cast<int>(port - spec.inputs.begin())],
                                Resolve(value.expression(), {.edges = plan_.inputs}, depth + 1));
    } else {
      PATCHBAY_ASSIGN_OR_RETURN(values[argument], ToParameterValue(value, path));
    }
  }
  PATCHBAY_ASSIGN_OR_RETURN(Parameters parameters, Parameters::Create(spec, values, name));
  const int node = static_cast<int>(plan_.nodes.size());
  plan_.nodes.push_back({.name = name, .type = type, .parameters = std::move(parameters)});

  if (spec.inputs.empty()) {
    if (incoming.is_explicit) {
      return InvalidArgument(absl::StrCat(name, " takes no input: it can only start a chain"),
                             {.path = name});
    }
    return AddStep(node, {});
  }
  if (!incoming.is_explicit) used_inputs_.insert(incoming.edges.begin(), incoming.edges.end());
  if (incoming.edges.empty()) {
    return InvalidArgument(
        absl::StrCat(name,
                     " needs audio and there is none: give an input, or start the chain "
                     "with a generator such as oscillator()"),
        {.path = name});
  }
  if (spec.inputs[0].repeated) return AddStep(node, incoming.edges);

  const int width = static_cast<int>(incoming.edges.size());
  Edges outputs;
  for (int i = 0; i < width; ++i) {
    Edges step_inputs(spec.inputs.size(), -1);
    step_inputs[0] = incoming.edges[i];
    for (const auto& [port, edges] : ports) {
      if (edges.size() != 1 && static_cast<int>(edges.size()) != width) {
        return InvalidArgument(
            absl::StrCat(name, ".", spec.inputs[port].name, " has ", edges.size(), " clips and ",
                         name, " has ", width, ": give one, or one for each"),
            {.path = absl::StrCat(name, ".", spec.inputs[port].name)});
      }
      step_inputs[port] = edges[edges.size() == 1 ? 0 : i];
    }
    PATCHBAY_ASSIGN_OR_RETURN(const Edges step_outputs, AddStep(node, step_inputs));
    outputs.insert(outputs.end(), step_outputs.begin(), step_outputs.end());
  }
  return outputs;
}

absl::Status Planner::CheckPorts(const Plan::Node& node, const StreamFormat& format) const {
  const ProcessorSpec& spec = node.type->spec;
  for (size_t i = 0; i < format.input_channels.size(); ++i) {
    const PortSpec& port = spec.inputs[std::min(i, spec.inputs.size() - 1)];
    const int channels = format.input_channels[i];
    const std::string path = absl::StrCat(node.name, ".", port.name);
    if (channels == 0 && port.optional) continue;
    if (channels == 0) {
      return InvalidArgument(
          absl::StrCat(path, " needs audio: give it, as in ", port.name, "=in[1]"), {.path = path});
    }
    if (channels < port.min_channels || channels > port.max_channels) {
      return InvalidArgument(
          absl::StrCat(path, " has ", channels, " channels: it takes ", port.min_channels, " to ",
                       port.max_channels),
          {.path = path,
           .value = absl::StrCat(channels),
           .allowed = absl::StrCat(port.min_channels, " to ", port.max_channels)});
    }
  }
  return absl::OkStatus();
}

int Planner::Aligned(int edge, int64_t latency_frames) {
  const int64_t delay = latency_frames - plan_.edges[edge].latency_frames;
  if (delay == 0) return edge;
  Plan::Edge delayed = plan_.edges[edge];
  delayed.latency_frames = latency_frames;
  const int output = static_cast<int>(plan_.edges.size());
  plan_.edges.push_back(delayed);
  plan_.state_bytes += delay * delayed.num_channels * static_cast<int64_t>(sizeof(float));
  plan_.steps.push_back({.inputs = {edge}, .outputs = {output}, .delay_frames = delay});
  return output;
}

absl::StatusOr<Edges> Planner::AddStep(int node_index, const Edges& inputs) {
  if (plan_.steps.size() >= static_cast<size_t>(limits_.max_states)) {
    return TooMany("number of states", limits_.max_states + 1, limits_.max_states);
  }
  const Plan::Node& node = plan_.nodes[node_index];
  const ProcessorSpec& spec = node.type->spec;

  // The clip that the step puts out: as late as its latest input, as long as its longest.
  Plan::Edge clip = {.from_generator = inputs.empty()};
  for (const int edge : inputs) {
    if (edge < 0) continue;
    clip.latency_frames = std::max(clip.latency_frames, plan_.edges[edge].latency_frames);
    clip.tail_frames = std::max(clip.tail_frames, plan_.edges[edge].tail_frames);
  }
  if (!inputs.empty()) {
    clip.from_generator = plan_.edges[inputs[0]].from_generator;
    clip.length_frames = plan_.edges[inputs[0]].length_frames;
  }

  Plan::Step step = {.node = node_index};
  step.format.sample_rate_hz = plan_.sample_rate_hz;
  for (const int edge : inputs) {
    step.inputs.push_back(edge < 0 ? edge : Aligned(edge, clip.latency_frames));
    step.format.input_channels.push_back(edge < 0 ? 0 : plan_.edges[edge].num_channels);
  }
  PATCHBAY_RETURN_IF_ERROR(CheckPorts(node, step.format));
  PATCHBAY_ASSIGN_OR_RETURN(step.layout, node.type->plan(node.parameters, step.format));
  if (inputs.empty()) clip.length_frames = step.layout.length_frames;
  clip.latency_frames += step.layout.latency_frames;
  if (!inputs_.exclude_tail) clip.tail_frames += step.layout.tail_frames;

  plan_.state_bytes += step.layout.state_bytes;
  plan_.shared_bytes += step.layout.shared_bytes;
  if (plan_.state_bytes + plan_.shared_bytes > limits_.max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(node.name, ": the description needs more than ", limits_.max_bytes,
                     " bytes of memory, the limit of a session"));
  }
  for (const int channels : step.layout.output_channels) {
    clip.num_channels = channels;
    step.outputs.push_back(static_cast<int>(plan_.edges.size()));
    plan_.edges.push_back(clip);
  }
  for (const ControlOutputSpec& output : spec.control_outputs) {
    step.control_outputs.push_back(static_cast<int>(plan_.control_outputs.size()));
    plan_.control_outputs.push_back({.name = absl::StrCat(node.name, ".", output.name),
                                     .unit = output.unit,
                                     .latency_frames = clip.latency_frames});
  }
  plan_.latency_frames = std::max(plan_.latency_frames, clip.latency_frames);
  plan_.steps.push_back(step);
  return step.outputs;
}

absl::Status Planner::Finish(Edges outputs) {
  for (size_t i = 0; i < plan_.inputs.size(); ++i) {
    if (used_inputs_.count(plan_.inputs[i]) == 0) {
      return InvalidArgument(absl::StrCat("input ", i,
                                          " is not used by the description: leave it "
                                          "away, or use in[",
                                          i, "]"),
                             {.path = absl::StrCat("in[", i, "]")});
    }
  }
  if (plan_.inputs.empty() && !outputs.empty()) {
    plan_.length_frames = plan_.edges[outputs[0]].length_frames;
  }
  for (int& edge : outputs) {
    edge = Aligned(edge, plan_.latency_frames);
    plan_.tail_frames = std::max(plan_.tail_frames, plan_.edges[edge].tail_frames);
  }
  plan_.outputs = std::move(outputs);
  return absl::OkStatus();
}

}  // namespace

bool Plan::is_checkpointable() const {
  return std::ranges::all_of(nodes,
                             [](const Node& node) { return node.type->spec.checkpointable; });
}

absl::StatusOr<std::shared_ptr<const Plan>> Plan::Create(const v1::Expression& expression,
                                                         const PlanInputs& inputs,
                                                         const PlanLimits& limits) {
  PATCHBAY_ASSIGN_OR_RETURN(Plan plan, Planner(inputs, limits).Run(expression));
  return std::make_shared<const Plan>(std::move(plan));
}

}  // namespace patchbay
