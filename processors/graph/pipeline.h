#ifndef PROCESSORS_GRAPH_PIPELINE_H_
#define PROCESSORS_GRAPH_PIPELINE_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/graph/bridge.h"
#include "processors/graph/clip_stream.h"
#include "processors/graph/engine.h"
#include "processors/graph/node_progress.h"

namespace patchbay {

// A Description that does not stream throughout, running: stages of streaming nodes, each an
// Engine, with bridges between them. What follows a whole-clip node is planned once that node has
// run, so that it works on however many clips came out. Latency is compensated. A control signal
// that is used in a later stage is a function of time there: see ControlReader. Not thread-safe.
class Pipeline {
 public:
  // Plans all stages that can be planned now; allocates no audio memory, and cannot work.
  static absl::StatusOr<std::unique_ptr<Pipeline>> CreatePlanned(std::shared_ptr<const Graph> graph,
                                                                 const PlanInputs& inputs,
                                                                 const PlanLimits& limits);
  // Plans, and makes what is needed to work.
  static absl::StatusOr<std::unique_ptr<Pipeline>> Create(std::shared_ptr<const Graph> graph,
                                                          const PlanInputs& inputs,
                                                          const PlanLimits& limits);

  // The stages known so far. There is always the first.
  const std::vector<std::shared_ptr<const Plan>>& plans() const { return plans_; }
  // Beside the stages: of nodes that do not stream, as far as they are known.
  struct BridgePlan {
    std::string node;
    std::vector<Layout> layouts;  // per State
    std::vector<LiveControls::Entry> controls;
  };
  std::vector<BridgePlan> bridge_plans() const;

  // What comes out; null until all of it is known, control outputs too: after a whole-clip node,
  // that is when the input has ended.
  const std::vector<Lane>* outputs() const { return outputs_known_ ? &outputs_ : nullptr; }
  struct ControlOutput {
    std::string name;
    Unit unit = Unit::kNone;
    int sample_rate_hz = 0;
  };
  // Of the stages known so far.
  const std::vector<ControlOutput>& control_outputs() const { return control_outputs_; }

  // Takes num_frames frames of every input, or makes generators put out so many.
  absl::Status Push(std::span<const ConstBlock> ins, int num_frames);
  // The input has ended.
  void End() { has_ended_ = true; }

  // Does a part of the work that can be done now. False when nothing is left: until more input
  // comes or, after the end, for good.
  absl::StatusOr<bool> Work(const NodeProgress& progress);

  // What has come out and was not taken yet.
  FrameQueue& audio(int output) {
    return *output_streams_[output].stream->queue(output_streams_[output].taker);
  }
  FrameQueue& control(int output) { return control_queues_[output]; }

  ~Pipeline();

  // As Engine::SetControl; FAILED_PRECONDITION for a node that runs in a stage that is not known
  // yet.
  absl::Status SetControl(absl::string_view node, absl::string_view parameter,
                          const v1::ControlSignal& signal, std::optional<int64_t> start_frame);

 private:
  struct Stage;
  struct Output {
    ClipStream* stream;
    Taker taker;
  };
  using Control = std::tuple<int, int, int>;  // node of the graph, control output, stage

  Pipeline(std::shared_ptr<const Graph> graph, const PlanInputs& inputs, const PlanLimits& limits);

  // In pipeline_open.cc: plans whatever is known well enough by now.
  absl::Status Open();
  // Makes what was planned and not made yet.
  absl::Status Start();
  bool NeedsStage(int stage) const;
  bool FlowsInto(int node, int stage) const;
  // Where a node of stage `user_stage` has a control signal from.
  Control ControlFor(const Graph::Operand& operand, int user_stage) const;
  std::optional<StageLanes> LanesOf(int stage) const;
  absl::Status OpenStage(int stage, const StageLanes& lanes);
  absl::Status OpenBridge(int node);
  void AddStream(int node, const Lane& lane);
  void FindOutputs();

  absl::StatusOr<bool> WorkOn(Stage& stage, const NodeProgress& progress);
  absl::Status ReportWork(const Stage& stage, const NodeProgress& progress) const;
  absl::StatusOr<bool> WorkOn(int node, Bridge& bridge, const NodeProgress& progress);
  static std::optional<int64_t> EndOf(const Stage& stage, const Plan::Edge& edge);
  absl::Status RunStage(Stage& stage, int num_frames, bool draining);
  void TakeResults(int node, std::vector<Clip> clips);
  absl::Status CheckMemory() const;
  absl::Status CheckPlannedBytes() const;

  const std::shared_ptr<const Graph> graph_;
  const PlanInputs inputs_;
  const PlanLimits limits_;
  std::vector<std::shared_ptr<const Plan>> plans_;
  std::map<int, Stage> stages_;
  std::map<int, std::unique_ptr<Bridge>> bridges_;      // by node of the graph
  std::map<int, std::deque<ClipStream>> streams_;       // audio, by node
  std::map<Control, std::deque<ClipStream>> controls_;  // that bridges and later stages take
  std::vector<ControlOutput> control_outputs_;
  std::deque<FrameQueue> control_queues_;
  std::vector<Lane> outputs_;
  std::vector<Output> output_streams_;
  int64_t planned_bytes_ = 0;
  bool outputs_known_ = false;
  bool has_ended_ = false;
  int64_t generated_frames_ = 0;  // that generators are still to put out
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_PIPELINE_H_
