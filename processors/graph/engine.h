#ifndef PROCESSORS_GRAPH_ENGINE_H_
#define PROCESSORS_GRAPH_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/graph/alignment_delay.h"
#include "processors/graph/buffer_layout.h"
#include "processors/graph/live_controls.h"
#include "processors/graph/loop_buffer.h"
#include "processors/graph/node_step.h"
#include "processors/graph/plan.h"

namespace patchbay {

// INVALID_ARGUMENT that names the first sample, counted from `position`, that is not finite.
absl::Status CheckFinite(std::span<const ConstBlock> ins, int64_t position);

// A Plan at work: its Processors, one State for each step, and the buffers between them. Frames go
// through all steps in slices of kMaxFrames, so that they stay in L1 cache. Not thread-safe.
class Engine {
 public:
  // Creates the Processors and allocates everything that running needs.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(std::shared_ptr<const Plan> plan);

  ~Engine();

  const Plan& plan() const { return *plan_; }

  // `outs` may be the memory of `ins`.
  bool works_in_place() const { return buffers_.works_in_place(); }

  // Frames computed since the start of the clip.
  int64_t position_frames() const { return position_; }

  // Computes num_frames frames, any number: one block per input, per output, and one span per
  // control output, all that long. Allocates nothing unless it fails: INVALID_ARGUMENT names the
  // first sample that is not finite; nothing was computed then. `control_ins`: of plans that have
  // such, finite.
  absl::Status Process(std::span<const ConstBlock> ins, std::span<const Block> outs,
                       std::span<const std::span<float>> control_outs, int num_frames,
                       std::span<const std::span<const float>> control_ins = {});

  // The input has ended at the current position: what follows is drained.
  void End();
  bool has_ended() const { return end_.has_value(); }
  std::optional<int64_t> end_frame() const { return end_; }
  // Frames until everything is out: latency and tail. -1 for a generator that never ends.
  int64_t frames_to_drain() const;
  // As Process, with silence for input.
  void Drain(std::span<const Block> outs, std::span<const std::span<float>> control_outs,
             int num_frames, std::span<const std::span<const float>> control_ins = {});

  // Changes a parameter at a frame of the clip; by default at the first frame not computed yet.
  // An empty node means the only one that has the parameter. INVALID_ARGUMENT for unknown names,
  // fixed parameters, values out of range; OUT_OF_RANGE for a frame that has passed.
  absl::Status SetControl(absl::string_view node, absl::string_view parameter,
                          const v1::ControlSignal& signal, std::optional<int64_t> start_frame);
  // To a constant.
  absl::Status SetControl(absl::string_view node, absl::string_view parameter, double value,
                          std::optional<int64_t> start_frame);

  // Every parameter that SetControl takes, with its present target.
  std::vector<LiveControls::Entry> controls() const { return controls_.List(); }

  // Back to the start: new States, first values of the parameters.
  void Reset();

  // All that an Engine of an equal Plan needs to go on bit-exact.
  std::string Save();
  absl::Status Load(absl::string_view bytes);

 private:
  explicit Engine(std::shared_ptr<const Plan> plan);

  absl::Status AddSteps();
  void Advance(std::span<const ConstBlock> ins, std::span<const Block> outs,
               std::span<const std::span<float>> control_outs, int num_frames,
               std::span<const std::span<const float>> control_ins);
  void PlaceEdges(std::span<const ConstBlock> ins, std::span<const Block> outs,
                  std::span<const std::span<const float>> control_ins, int first, int count);
  void RunSteps(int num_frames);
  int64_t EndOf(const Plan::Step& step) const;

  const std::shared_ptr<const Plan> plan_;
  LiveControls controls_;
  BufferLayout buffers_;
  std::vector<NodeStep> nodes_;         // in the order of the plan's steps, as are
  std::vector<AlignmentDelay> delays_;  // the delays
  std::vector<LoopBuffer> loops_;
  std::vector<float> memory_;              // of the buffers, then kMaxFrames of silence per channel
  std::vector<std::span<float>> scratch_;  // per parameter of the largest node
  std::vector<float> scratch_memory_;
  std::vector<Block> edges_;  // of the slice at hand
  int64_t position_ = 0;
  std::optional<int64_t> end_;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_ENGINE_H_
