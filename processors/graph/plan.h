#ifndef PROCESSORS_GRAPH_PLAN_H_
#define PROCESSORS_GRAPH_PLAN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "patchbay/v1/description.pb.h"
#include "processors/core/registry.h"

namespace patchbay {

// The clips that a Description names.
using ClipMap = std::map<std::string, std::shared_ptr<const Clip>>;

// What a Plan is made for.
struct PlanInputs {
  int sample_rate_hz = 0;
  std::vector<int> input_channels;  // per input of the session
  ClipMap clips;
  bool exclude_tail = false;  // outputs keep the length of the clip
};

// Checked before anything is allocated. A limit exceeded is INVALID_ARGUMENT, memory
// RESOURCE_EXHAUSTED.
struct PlanLimits {
  int max_sample_rate_hz = 768000;
  int max_channels = 64;
  int max_inputs = 256;
  int max_nodes = 256;
  int max_states = 1024;
  int max_depth = 32;
  int64_t max_bytes = int64_t{1} << 30;
};

// A Description resolved for given inputs: what runs, in which order, on which buffers. Light and
// immutable; no audio memory is allocated before an Engine is made of it.
struct Plan {
  // A stream of audio between two steps.
  struct Edge {
    int num_channels = 0;
    int64_t latency_frames = 0;  // frame n + latency is frame n of the clip
    int64_t tail_frames = 0;     // the clip goes on this long after the end of the input
    bool from_generator = false;
    std::optional<int64_t> length_frames;  // of a generator that ends
  };

  struct Node {
    std::string name;
    const ProcessorType* type = nullptr;
    Parameters parameters;
  };

  // One State of a node, or (node < 0) an alignment delay from inputs[0] to outputs[0].
  struct Step {
    int node = -1;
    std::vector<int> inputs;           // edges; -1: an optional port left unconnected
    std::vector<int> outputs;          // edges
    std::vector<int> control_outputs;  // indices into Plan::control_outputs
    StreamFormat format;
    Layout layout;
    int64_t delay_frames = 0;
  };

  struct ControlOutput {
    std::string name;  // "envelope_follower.envelope"
    Unit unit = Unit::kNone;
    int64_t latency_frames = 0;
  };

  int sample_rate_hz = 0;
  std::vector<Edge> edges;
  std::vector<Node> nodes;
  std::vector<Step> steps;   // in order of execution
  std::vector<int> inputs;   // edges
  std::vector<int> outputs;  // edges, all of one latency
  std::vector<ControlOutput> control_outputs;

  // Totals over the outputs.
  int64_t latency_frames = 0;
  int64_t tail_frames = 0;
  std::optional<int64_t> length_frames;  // of a session without inputs that ends
  int64_t state_bytes = 0;
  int64_t shared_bytes = 0;

  bool is_checkpointable() const;

  // Resolves an expression. Errors are INVALID_ARGUMENT with the path of the node and parameter.
  static absl::StatusOr<std::shared_ptr<const Plan>> Create(const v1::Expression& expression,
                                                            const PlanInputs& inputs,
                                                            const PlanLimits& limits);
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_PLAN_H_
