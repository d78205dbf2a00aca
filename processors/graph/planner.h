#ifndef PROCESSORS_GRAPH_PLANNER_H_
#define PROCESSORS_GRAPH_PLANNER_H_

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/graph/plan.h"

namespace patchbay {

// The repeats of a loop that count as its tail: 60 dB at half the amplitude each time.
inline constexpr int kLoopTails = 10;

// Builds the Plan of one stage.
class Planner {
 public:
  // What a node that closes a loop is fed with; known once the rest of the loop is planned.
  struct LoopInput {
    int num_channels = 1;
    int64_t latency_frames = 0;
    bool operator==(const LoopInput&) const = default;
  };
  using LoopInputs = std::map<int, LoopInput>;  // by node of the graph

  Planner(const Graph& graph, int stage, const PlanInputs& inputs, const PlanLimits& limits,
          const LoopInputs& loop_inputs)
      : graph_(graph), stage_(stage), inputs_(inputs), limits_(limits), loop_inputs_(loop_inputs) {}

  absl::StatusOr<Plan> Run(const StageLanes& lanes);

  // As they came out; differ from those given where these were guessed wrong.
  const LoopInputs& found_loop_inputs() const { return found_loop_inputs_; }

 private:
  using Edges = std::vector<int>;
  using Control = std::pair<int, int>;              // node of the graph, control output
  using ControlAtRate = std::tuple<int, int, int>;  // and sample rate

  void AddLanes(const StageLanes& lanes);
  absl::Status AddItem(int n);
  // sample_rate_hz: of a node that floats.
  absl::Status AddProcessor(int n, int sample_rate_hz = 0);
  absl::StatusOr<int> AddNode(int n, int sample_rate_hz);
  // In planner_steps.cc. One State of a node: `inputs` and what controls it, per parameter.
  absl::Status AddStep(int n, int node, const Edges& inputs, std::map<int, int> controls,
                       int sample_rate_hz);
  // In planner_controls.cc.
  absl::StatusOr<Edges> ControlsAt(const Graph::Operand& operand, int sample_rate_hz);
  int RateOf(const Graph::Node& node, const Edges& inputs) const;
  absl::Status AddRestOfFloating();
  absl::StatusOr<Edges> OpenLoop(int n);
  absl::Status CloseLoops();
  absl::Status CheckLoop(int n, const Plan::Step& step);
  absl::Status CheckPorts(const Plan::Node& node, const StreamFormat& format) const;
  absl::StatusOr<Edges> AudioOf(const std::vector<Graph::Operand>& operands) const;
  absl::StatusOr<int> LaneOf(const Edges& edges, int lane, int width,
                             const std::string& path) const;
  Plan::Edge ClipOf(const Edges& inputs) const;
  int NewEdge(const Plan::Edge& edge);
  int Aligned(int edge, int64_t latency_frames);
  bool IsExported(const Graph::Operand& operand) const;
  void ExportControls();
  absl::Status Finish();

  const Graph& graph_;
  const int stage_;
  const PlanInputs& inputs_;
  const PlanLimits& limits_;
  const LoopInputs& loop_inputs_;
  LoopInputs found_loop_inputs_;
  Plan plan_;
  std::map<int, Edges> audio_;         // by node of the graph
  std::map<Control, Edges> controls_;  // a lane each
  // Of nodes that float, and of earlier stages: wherever they are needed.
  std::map<ControlAtRate, Edges> controls_at_;
  std::map<Control, int> earlier_controls_;  // their numbers of lanes
  std::map<int, int> node_indices_;          // node of the graph -> of the plan
  std::map<int, int> loops_;                 // node of the graph -> loop
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_PLANNER_H_
