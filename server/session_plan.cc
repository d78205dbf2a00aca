#include "server/session_plan.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/live_controls.h"
#include "processors/graph/spec_proto.h"
#include "processors/graph/text_form.h"
#include "server/digest.h"
#include "server/sample_codec.h"
#include "server/version.h"

namespace patchbay {
namespace {

constexpr int kDefaultSampleRateHz = 48000;

absl::StatusOr<v1::Expression> ToExpression(const v1::Description& description,
                                            const std::vector<std::string>& input_names) {
  switch (description.form_case()) {
    case v1::Description::kText:
      return ParseText(description.text(), Registry::Global(), input_names);
    case v1::Description::kExpression:
      return ParseParts(description.expression(), Registry::Global(), input_names);
    case v1::Description::FORM_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "the description is missing: give one, such as the text 'gain(gain_db=-6)'");
}

absl::StatusOr<PlanInputs> ToPlanInputs(const v1::SessionConfig& config, const Limits& limits) {
  PlanInputs inputs;
  inputs.input_names.assign(config.input_names().begin(), config.input_names().end());
  inputs.exclude_tail = config.options().exclude_tail();
  inputs.sample_rate_hz = config.sample_rate_hz();
  if (inputs.sample_rate_hz == 0) inputs.sample_rate_hz = kDefaultSampleRateHz;
  for (int i = 0; i < config.inputs_size(); ++i) {
    const v1::AudioFormat& format = config.inputs(i);
    if (i > 0 && format.sample_rate_hz() != inputs.sample_rate_hz) {
      return InvalidArgument(
          absl::StrCat("input ", i, " has a sample rate of ", format.sample_rate_hz(),
                       " Hz and input 0 of ", inputs.sample_rate_hz, " Hz: resample one of them"),
          {.path = absl::StrCat("inputs[", i, "].sample_rate_hz")});
    }
    inputs.sample_rate_hz = format.sample_rate_hz();
    inputs.input_channels.push_back(format.num_channels());
  }
  for (const auto& [name, clip] : config.clips()) {
    absl::StatusOr<Clip> decoded =
        DecodeClip(clip, limits.plan.max_channels, limits.plan.max_sample_rate_hz);
    if (!decoded.ok()) {
      return Prefixed(absl::StrCat("clip '", name, "': "), decoded.status());
    }
    inputs.clips[name] = std::make_shared<const Clip>(*std::move(decoded));
  }
  return inputs;
}

}  // namespace

absl::StatusOr<SessionPlan> ResolveConfig(const v1::SessionConfig& config, const Limits& limits) {
  SessionPlan session;
  if (config.source_case() == v1::SessionConfig::kCheckpoint) {
    return absl::InvalidArgumentError("give a description here, not a checkpoint");
  }
  session.input_names.assign(config.input_names().begin(), config.input_names().end());
  PATCHBAY_ASSIGN_OR_RETURN(session.expression,
                            ToExpression(config.description(), session.input_names));
  PATCHBAY_ASSIGN_OR_RETURN(session.plan_inputs, ToPlanInputs(config, limits));
  PATCHBAY_ASSIGN_OR_RETURN(Graph graph,
                            ToGraph(session.expression, session.plan_inputs, limits.plan));
  session.graph = std::make_shared<const Graph>(std::move(graph));
  PATCHBAY_ASSIGN_OR_RETURN(session.plan,
                            Plan::Create(*session.graph, 0, {}, session.plan_inputs, limits.plan));
  session.text = PrintText(session.expression, Registry::Global());
  session.inputs.assign(config.inputs().begin(), config.inputs().end());
  session.options = config.options();
  session.clips = session.plan_inputs.clips;
  session.plans = {session.plan};
  session.is_staged = session.graph->num_stages() > 1;
  if (session.is_staged) {
    // What comes out of a later stage depends on what it is opened with.
    PATCHBAY_ASSIGN_OR_RETURN(
        const std::unique_ptr<Pipeline> pipeline,
        Pipeline::CreatePlanned(session.graph, session.plan_inputs, limits.plan));
    session.outputs_pending = pipeline->outputs() == nullptr;
    if (!session.outputs_pending) session.outputs = *pipeline->outputs();
    session.control_outputs = pipeline->control_outputs();
    session.plans = pipeline->plans();
    session.bridge_plans = pipeline->bridge_plans();
  }
  return session;
}

namespace {

void AddOutputs(const SessionPlan& session, v1::StreamInfo& info) {
  if (session.is_staged) {
    v1::Outputs outputs =
        ToProto(session.outputs, session.control_outputs, session.options.output_encoding());
    info.mutable_outputs()->Swap(outputs.mutable_outputs());
    info.mutable_control_outputs()->Swap(outputs.mutable_control_outputs());
    info.set_outputs_pending(session.outputs_pending);
    info.set_outputs_at_own_pace(true);
    return;
  }
  const Plan& plan = *session.plan;
  for (const int edge : plan.outputs) {
    v1::AudioFormat* const format = info.add_outputs();
    format->set_sample_rate_hz(plan.edges[edge].sample_rate_hz);
    format->set_num_channels(plan.edges[edge].num_channels);
    format->set_encoding(session.options.output_encoding());
  }
  for (const Plan::ControlOutput& output : plan.control_outputs) {
    v1::ControlOutput* const control = info.add_control_outputs();
    control->set_name(output.name);
    control->set_unit(ToProto(output.unit));
    control->set_sample_rate_hz(plan.edges[output.edge].sample_rate_hz);
    if (!session.options.compensate_latency()) control->set_latency_frames(output.latency_frames);
  }
  info.set_latency_frames(session.options.compensate_latency() ? 0 : plan.latency_frames);
  info.set_tail_frames(plan.tail_frames);
}

void AddState(const Layout& layout, v1::Node& node) {
  node.set_latency_frames(layout.latency_frames);
  node.set_tail_frames(layout.tail_frames);
  node.set_state_bytes(node.state_bytes() + layout.state_bytes);
  node.set_shared_bytes(node.shared_bytes() + layout.shared_bytes);
  node.set_num_states(node.num_states() + 1);
}

// What runs in several stages is moved by one name.
void AddControls(const std::vector<LiveControls::Entry>& entries, v1::StreamInfo& info) {
  for (const LiveControls::Entry& entry : entries) {
    const bool is_known = std::ranges::any_of(info.controls(), [&](const v1::LiveControl& known) {
      return known.node() == entry.node && known.parameter() == entry.parameter;
    });
    if (is_known) continue;
    v1::LiveControl* const control = info.add_controls();
    control->set_node(entry.node);
    control->set_parameter(entry.parameter);
    control->set_value(entry.value);
  }
}

void AddNodes(const SessionPlan& session, v1::StreamInfo& info) {
  std::map<std::string, v1::Node*> nodes;
  for (const int n : session.graph->order) {
    const Graph::Node& node = session.graph->nodes[n];
    if (!node.is_processor()) continue;
    v1::Node* const message = info.add_nodes();
    message->set_name(node.name);
    message->set_processor(node.type->spec.name);
    nodes[node.name] = message;
  }
  for (const std::shared_ptr<const Plan>& plan : session.plans) {
    for (const Plan::Step& step : plan->steps) {
      if (step.kind != Plan::Step::Kind::kNode) continue;
      AddState(step.layout, *nodes.at(plan->nodes[step.node].name));
    }
    AddControls(LiveControls(*plan).List(), info);
    info.set_state_bytes(info.state_bytes() + plan->state_bytes);
    info.set_shared_bytes(info.shared_bytes() + plan->shared_bytes);
  }
  for (const Pipeline::BridgePlan& bridge : session.bridge_plans) {
    for (const Layout& layout : bridge.layouts) {
      AddState(layout, *nodes.at(bridge.node));
      info.set_state_bytes(info.state_bytes() + layout.state_bytes);
      info.set_shared_bytes(info.shared_bytes() + layout.shared_bytes);
    }
    AddControls(bridge.controls, info);
  }
}

}  // namespace

int64_t SessionPlan::bytes() const {
  int64_t bytes = 0;
  for (const std::shared_ptr<const Plan>& stage : plans) {
    bytes += stage->state_bytes + stage->shared_bytes;
  }
  for (const Pipeline::BridgePlan& bridge : bridge_plans) {
    for (const Layout& layout : bridge.layouts) bytes += layout.state_bytes + layout.shared_bytes;
  }
  return bytes;
}

v1::Outputs ToProto(const std::vector<Lane>& lanes,
                    const std::vector<Pipeline::ControlOutput>& control_outputs,
                    v1::SampleEncoding encoding) {
  v1::Outputs message;
  const bool all_known =
      std::ranges::all_of(lanes, [](const Lane& lane) { return lane.length_frames.has_value(); });
  for (const Lane& lane : lanes) {
    v1::AudioFormat& format = *message.add_outputs();
    format.set_sample_rate_hz(lane.sample_rate_hz);
    format.set_num_channels(lane.num_channels);
    format.set_encoding(encoding);
    if (all_known) message.add_length_frames(*lane.length_frames);
  }
  for (const Pipeline::ControlOutput& output : control_outputs) {
    v1::ControlOutput& control = *message.add_control_outputs();
    control.set_name(output.name);
    control.set_unit(ToProto(output.unit));
    control.set_sample_rate_hz(output.sample_rate_hz);
  }
  return message;
}

v1::StreamInfo ToStreamInfo(const SessionPlan& session, const Limits& limits) {
  v1::StreamInfo info;
  for (const v1::AudioFormat& format : session.inputs) *info.add_inputs() = format;
  info.set_sample_rate_hz(session.plan_inputs.sample_rate_hz);
  info.mutable_input_names()->Assign(session.input_names.begin(), session.input_names.end());
  AddOutputs(session, info);
  if (session.plan->length_frames.has_value()) {
    info.set_length_frames(*session.plan->length_frames);
  }
  AddNodes(session, info);
  info.set_max_chunk_bytes(limits.max_chunk_bytes());
  for (const std::string& warning : session.graph->warnings) info.add_warnings(warning);
  return info;
}

v1::Report ToReport(const SessionPlan& session, const v1::Statistics& statistics) {
  v1::Report report;
  *report.mutable_statistics() = statistics;
  report.set_text(session.text);
  report.set_text_sha256(absl::BytesToHexString(Sha256(session.text)));
  for (const int n : session.graph->order) {
    const Graph::Node& node = session.graph->nodes[n];
    if (!node.is_processor()) continue;
    (*report.mutable_processor_versions())[node.type->spec.name] = node.type->spec.version;
  }
  report.set_server_version(kVersion);
  return report;
}

}  // namespace patchbay
