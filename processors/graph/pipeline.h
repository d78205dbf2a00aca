#ifndef PROCESSORS_GRAPH_PIPELINE_H_
#define PROCESSORS_GRAPH_PIPELINE_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/graph/bridge.h"
#include "processors/graph/clip_stream.h"
#include "processors/graph/engine.h"

namespace patchbay {

// A Description that does not stream throughout, running: stages of streaming nodes, each an
// Engine, with bridges between them. What follows a whole-clip node is planned once that node has
// run, so that it works on however many clips came out. Latency is compensated. Not thread-safe.
class Pipeline {
 public:
  // Told which node is at work, and the part of its work that is done. Not OK: stop.
  using NodeProgress = std::function<absl::Status(const std::string& node, double fraction)>;

  // Opens all stages that can be planned now.
  static absl::StatusOr<std::unique_ptr<Pipeline>> Create(std::shared_ptr<const Graph> graph,
                                                          const PlanInputs& inputs,
                                                          const PlanLimits& limits);

  // The stages known so far. There is always the first.
  const std::vector<std::shared_ptr<const Plan>>& plans() const { return plans_; }

  // What comes out; null until all of it is known, control outputs too: after a whole-clip node,
  // that is when the input has ended.
  const std::vector<Lane>* outputs() const { return outputs_known_ ? &outputs_ : nullptr; }
  struct ControlOutput {
    std::string name;
    Unit unit = Unit::kNone;
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

  // As Engine::SetControl; FAILED_PRECONDITION for a node of a stage that is not known yet.
  absl::Status SetControl(absl::string_view node, absl::string_view parameter,
                          const v1::ControlSignal& signal, std::optional<int64_t> start_frame);

 private:
  struct Stage;
  struct Output {
    ClipStream* stream;
    Taker taker;
  };
  using Control = std::pair<int, int>;  // node of the graph, control output

  Pipeline(std::shared_ptr<const Graph> graph, const PlanInputs& inputs, const PlanLimits& limits);

  // In pipeline_open.cc: makes whatever is known well enough by now.
  absl::Status Open();
  bool NeedsStage(int stage) const;
  std::optional<StageLanes> LanesOf(int stage) const;
  absl::Status OpenStage(int stage, const StageLanes& lanes);
  absl::Status OpenBridge(int node);
  void AddStream(int node, const Lane& lane);
  void FindOutputs();

  absl::StatusOr<bool> WorkOn(Stage& stage);
  absl::StatusOr<bool> WorkOn(int node, Bridge& bridge, const NodeProgress& progress);
  absl::Status RunStage(Stage& stage, int num_frames, bool draining);
  void TakeResults(int node, std::vector<Clip> clips);
  absl::Status CheckMemory() const;

  const std::shared_ptr<const Graph> graph_;
  const PlanInputs inputs_;
  const PlanLimits limits_;
  std::vector<std::shared_ptr<const Plan>> plans_;
  std::map<int, Stage> stages_;
  std::map<int, std::unique_ptr<Bridge>> bridges_;      // by node of the graph
  std::map<int, std::deque<ClipStream>> streams_;       // audio, by node
  std::map<Control, std::deque<ClipStream>> controls_;  // that bridges take
  std::vector<ControlOutput> control_outputs_;
  std::deque<FrameQueue> control_queues_;
  std::vector<Lane> outputs_;
  std::vector<Output> output_streams_;
  bool outputs_known_ = false;
  bool has_ended_ = false;
  int64_t generated_frames_ = 0;  // that generators are still to put out
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_PIPELINE_H_
