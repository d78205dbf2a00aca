#include "processors/graph/plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/planner.h"

namespace patchbay {
namespace {

absl::Status OutOfLimits(absl::string_view what, int64_t value, int64_t maximum,
                         absl::string_view unit) {
  const std::string allowed = absl::StrCat("1 to ", maximum, " ", unit);
  return InvalidArgument(
      absl::StrCat(what, " = ", value, " is not allowed: an input takes ", allowed),
      {.path = std::string(what), .value = absl::StrCat(value), .allowed = allowed});
}

absl::Status CheckInputs(const PlanInputs& inputs, const PlanLimits& limits) {
  const int rate = inputs.sample_rate_hz;
  if (rate < 1 || rate > limits.max_sample_rate_hz) {
    return OutOfLimits("sample_rate_hz", rate, limits.max_sample_rate_hz, "Hz");
  }
  const int64_t num_inputs = static_cast<int64_t>(inputs.input_channels.size());
  if (num_inputs > limits.max_inputs) {
    return absl::InvalidArgumentError(absl::StrCat("number of inputs: ", num_inputs, "; at most ",
                                                   limits.max_inputs, " are allowed"));
  }
  for (const int channels : inputs.input_channels) {
    if (channels < 1 || channels > limits.max_channels) {
      return OutOfLimits("num_channels", channels, limits.max_channels, "channels");
    }
  }
  const size_t num_names = inputs.input_names.size();
  if (num_names > 0 && num_names != inputs.input_channels.size()) {
    return absl::InvalidArgumentError(absl::StrCat("there are ", num_names, " names for ",
                                                   num_inputs, " inputs: give one for each"));
  }
  return absl::OkStatus();
}

}  // namespace

bool Plan::is_checkpointable() const {
  return std::ranges::all_of(nodes,
                             [](const Node& node) { return node.type->spec.checkpointable; });
}

absl::StatusOr<Graph> ToGraph(const v1::Expression& expression, const PlanInputs& inputs,
                              const PlanLimits& limits) {
  PATCHBAY_RETURN_IF_ERROR(CheckInputs(inputs, limits));
  return Graph::Create(expression,
                       {.num_inputs = static_cast<int>(inputs.input_channels.size()),
                        .input_names = inputs.input_names,
                        .clips = inputs.clips},
                       limits);
}

absl::StatusOr<std::shared_ptr<const Plan>> Plan::Create(const Graph& graph, int stage,
                                                         const StageLanes& lanes,
                                                         const PlanInputs& inputs,
                                                         const PlanLimits& limits) {
  // A loop's format and latency are known once it is planned: guess, and try again.
  Planner::LoopInputs loops;
  for (const int n : graph.order) {
    if (graph.nodes[n].cuts_loop) loops[n] = {};
  }
  constexpr int kMaxRounds = 8;
  for (int round = 0; round < kMaxRounds; ++round) {
    Planner planner(graph, stage, inputs, limits, loops);
    PATCHBAY_ASSIGN_OR_RETURN(Plan plan, planner.Run(lanes));
    bool settled = true;
    for (const auto& [n, found] : planner.found_loop_inputs()) {
      settled = settled && loops[n] == found;
      loops[n] = found;
    }
    if (settled) return std::make_shared<const Plan>(std::move(plan));
  }
  return absl::InvalidArgumentError(
      "a loop changes the number of channels or the latency each time around: take what does so "
      "out of the loop");
}

absl::StatusOr<std::shared_ptr<const Plan>> Plan::Create(const v1::Expression& expression,
                                                         const PlanInputs& inputs,
                                                         const PlanLimits& limits) {
  PATCHBAY_ASSIGN_OR_RETURN(const Graph graph, ToGraph(expression, inputs, limits));
  if (graph.num_stages() > 1) {
    return absl::FailedPreconditionError("the description does not stream throughout");
  }
  return Create(graph, 0, {}, inputs, limits);
}

}  // namespace patchbay
