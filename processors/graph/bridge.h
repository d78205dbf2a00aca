#ifndef PROCESSORS_GRAPH_BRIDGE_H_
#define PROCESSORS_GRAPH_BRIDGE_H_

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/core/clip_processor.h"
#include "processors/core/resizing_processor.h"
#include "processors/graph/clip_stream.h"
#include "processors/graph/control_reader.h"
#include "processors/graph/control_track.h"
#include "processors/graph/graph.h"
#include "processors/graph/live_controls.h"
#include "processors/graph/node_progress.h"

namespace patchbay {

// A node that does not stream, between two stages of a Pipeline: takes the clips that the stage
// before it puts out, and puts out others.
class Bridge {
 public:
  // Where a clip comes from: pointers stay valid as long as the Bridge.
  using Streams = std::vector<ClipStream*>;

  // Plans it. `node` is number n of the graph. `controls` holds what controls each parameter, a
  // stream per clip or one for all.
  static absl::StatusOr<std::unique_ptr<Bridge>> Create(int n, const Graph::Node& node,
                                                        Streams inputs,
                                                        std::map<int, Streams> controls);
  ~Bridge();

  const Graph::Node& node() const { return node_; }

  // Allocates what it needs to work.
  absl::Status Start();
  bool is_started() const { return is_started_; }

  // One for each State of a resizing node, or call of a whole-clip node.
  const std::vector<Layout>& layouts() const { return layouts_; }
  // Its parameters that SetControl takes, with their values.
  std::vector<LiveControls::Entry> LiveParameters() const;

  // What it puts out, if that is known before the input has ended: a resizing node.
  const std::vector<Lane>& lanes() const { return lanes_; }

  // Works on what has come, for a while, once it was started. `outputs` are one stream per lane; a
  // whole-clip node fills `results` instead, once, when all of its input is there. Sets
  // `did_something`.
  absl::Status Work(const Streams& outputs, const NodeProgress& progress, bool& did_something);
  bool is_done() const { return is_done_; }
  std::vector<Clip>& results() { return results_; }

  // Of clips that came out and were not taken.
  int64_t num_bytes() const;

  // As Engine::SetControl.
  absl::Status SetControl(int parameter, const v1::ControlSignal& signal,
                          std::optional<int64_t> start_frame);

 private:
  struct ResizingLane;

  Bridge(int n, const Graph::Node& node, Streams inputs, std::map<int, Streams> controls);

  FrameQueue& InputQueue(size_t lane) const { return *inputs_[lane]->queue(taker_); }
  absl::Status PlanAll();
  absl::Status ResizeSome(size_t lane, FrameQueue& scratch, ClipStream& output,
                          bool& did_something);
  int CallFrames(const ResizingLane& lane, int available) const;
  // Without clips, any rate will do.
  int SampleRateHz() const { return inputs_.empty() ? 1 : inputs_[0]->lane().sample_rate_hz; }
  absl::Status RunWhole(const NodeProgress& progress);
  NodeWork WorkSoFar() const;
  absl::StatusOr<Clip> TakeClip(size_t lane, const NodeProgress& progress) const;

  const Taker taker_;
  const Graph::Node& node_;
  const Streams inputs_;
  const std::map<int, Streams> controls_;
  std::vector<Lane> lanes_;
  std::vector<StreamFormat> formats_;  // as layouts_
  std::vector<Layout> layouts_;
  std::vector<std::shared_ptr<const Processor>> processors_;  // per input; of whole clips: calls
  std::vector<std::unique_ptr<ResizingLane>> resizing_;
  std::vector<ControlTrack> tracks_;  // per parameter
  std::vector<Clip> results_;
  bool is_started_ = false;
  bool is_done_ = false;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_BRIDGE_H_
