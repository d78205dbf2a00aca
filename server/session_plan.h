#ifndef SERVER_SESSION_PLAN_H_
#define SERVER_SESSION_PLAN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "patchbay/v1/patchbay.pb.h"
#include "patchbay/v1/session.pb.h"
#include "processors/graph/engine.h"
#include "processors/graph/pipeline.h"
#include "processors/graph/plan.h"
#include "server/limits.h"

namespace patchbay {

// A SessionConfig checked and resolved; nothing is allocated yet but the clips it carries.
struct SessionPlan {
  v1::Expression expression;
  std::string text;  // canonical
  std::vector<v1::AudioFormat> inputs;
  v1::SessionOptions options;
  ClipMap clips;
  std::vector<std::string> input_names;
  PlanInputs plan_inputs;
  std::shared_ptr<const Graph> graph;
  // All of it, or the first stage.
  std::shared_ptr<const Plan> plan;
  // Set where the Description does not stream throughout: it runs as a Pipeline.
  bool is_staged = false;
  bool outputs_pending = false;
  std::vector<Lane> outputs;  // unless they are pending
  std::vector<Pipeline::ControlOutput> control_outputs;
  std::vector<std::shared_ptr<const Plan>> plans;  // of the stages known so far
  std::vector<Pipeline::BridgePlan> bridge_plans;  // and of what is between them

  // Memory that is declared so far.
  int64_t bytes() const;
};

// INVALID_ARGUMENT names what is wrong; a checkpoint is not accepted here.
absl::StatusOr<SessionPlan> ResolveConfig(const v1::SessionConfig& config, const Limits& limits);

// What clients are told about it. Controls have their first values.
v1::StreamInfo ToStreamInfo(const SessionPlan& session, const Limits& limits);

// As messages: formats, and where they are known lengths.
v1::Outputs ToProto(const std::vector<Lane>& lanes,
                    const std::vector<Pipeline::ControlOutput>& control_outputs,
                    v1::SampleEncoding encoding);

// What was done, for the end of a call.
v1::Report ToReport(const SessionPlan& session, const v1::Statistics& statistics);

}  // namespace patchbay

#endif  // SERVER_SESSION_PLAN_H_
