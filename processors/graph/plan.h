#ifndef PROCESSORS_GRAPH_PLAN_H_
#define PROCESSORS_GRAPH_PLAN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/core/control_signal.h"
#include "processors/graph/graph.h"

namespace patchbay {

// What a Description is opened with.
struct PlanInputs {
  int sample_rate_hz = 0;
  std::vector<int> input_channels;  // per input of the session
  std::vector<std::string> input_names;
  ClipMap clips;
  bool exclude_tail = false;  // outputs keep the length of the clip
};

// One clip that flows into a stage.
struct Lane {
  int num_channels = 0;
  int sample_rate_hz = 0;
  std::optional<int64_t> length_frames;  // unset: it ends when the stage's input does
};

// What flows into a stage.
struct StageLanes {
  std::map<int, std::vector<Lane>> audio;  // by node of the graph
  // Control signals of earlier stages: how many there are of each control output of a node.
  std::map<std::pair<int, int>, int> controls;
};

// One stage of a Graph resolved for given inputs: what runs, in which order, on which buffers.
// Light and immutable; no audio memory is allocated before an Engine is made of it.
struct Plan {
  // A stream of audio, or of values of a control signal, between two steps.
  struct Edge {
    int num_channels = 0;  // 1 for a control signal
    int sample_rate_hz = 0;
    int64_t latency_frames = 0;            // frame n + latency is frame n of the clip
    int64_t tail_frames = 0;               // the clip goes on this long after its end
    bool own_end = false;                  // it does not end when the input does, but
    std::optional<int64_t> length_frames;  // here; unset: never
    std::set<int> inputs;                  // of the plan, that it is made of
  };

  struct Node {
    std::string name;
    const ProcessorType* type = nullptr;
    int sample_rate_hz = 0;
    Parameters parameters;
    std::map<int, std::shared_ptr<const ControlSignal>> curves;  // by parameter
    std::map<int, Graph::Operand> controls;                      // by parameter
  };

  struct Step {
    enum class Kind {
      kNode,       // one State of a node
      kDelay,      // inputs[0] to outputs[0], so that branches meet aligned
      kLoopRead,   // to outputs[0], what the loop wrote kMaxFrames ago
      kLoopWrite,  // from inputs[0]
    };
    Kind kind = Kind::kNode;
    int node = -1;
    int loop = -1;
    std::vector<int> inputs;           // edges; -1: an optional port left unconnected
    std::vector<int> outputs;          // edges
    std::vector<int> control_outputs;  // edges
    std::map<int, int> controls;       // parameter -> edge
    StreamFormat format;
    Layout layout;
    int64_t delay_frames = 0;
    int64_t input_latency_frames = 0;  // of a node, also one without inputs that is controlled
  };

  // A control signal of an earlier stage, number `lane` of them, read at the rate of its edge.
  struct ControlInput {
    Graph::Operand operand;
    int lane = 0;
    int edge = -1;
  };

  struct ControlOutput {
    std::string name;  // "envelope_follower.envelope"
    Unit unit = Unit::kNone;
    int edge = -1;
    int64_t latency_frames = 0;
    Graph::Operand operand;
    bool is_wanted = true;  // by the client; false: only a node that does not stream takes it
  };

  // Audio for the client, or for what follows.
  struct Export {
    Graph::Operand operand;
    int first_output = 0;
    int num_outputs = 0;
  };

  int sample_rate_hz = 0;
  std::vector<Edge> edges;
  std::vector<Node> nodes;
  std::vector<Step> steps;  // in order of execution
  std::vector<int> inputs;  // edges
  std::vector<ControlInput> control_inputs;
  std::vector<int> outputs;  // edges, all of one latency
  std::vector<Export> exports;
  std::vector<ControlOutput> control_outputs;
  std::vector<int> loop_channels;  // per loop

  // Totals over the outputs.
  int64_t latency_frames = 0;
  int64_t tail_frames = 0;
  std::optional<int64_t> length_frames;  // of a session without inputs that ends
  int64_t state_bytes = 0;
  int64_t shared_bytes = 0;

  bool is_checkpointable() const;

  // One stage of a graph. `lanes` holds what flows into it: for stage 0 the session's inputs, by
  // the nodes of kind kInput, all with the same lanes if their index is negative.
  static absl::StatusOr<std::shared_ptr<const Plan>> Create(const Graph& graph, int stage,
                                                            const StageLanes& lanes,
                                                            const PlanInputs& inputs,
                                                            const PlanLimits& limits);

  // A Description of one stage. FAILED_PRECONDITION if it has several: see pipeline.h.
  static absl::StatusOr<std::shared_ptr<const Plan>> Create(const v1::Expression& expression,
                                                            const PlanInputs& inputs,
                                                            const PlanLimits& limits);
};

// The graph of an expression, after the formats of the session's inputs were checked.
absl::StatusOr<Graph> ToGraph(const v1::Expression& expression, const PlanInputs& inputs,
                              const PlanLimits& limits);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_PLAN_H_
