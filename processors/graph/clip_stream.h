#ifndef PROCESSORS_GRAPH_CLIP_STREAM_H_
#define PROCESSORS_GRAPH_CLIP_STREAM_H_

#include <cstdint>
#include <deque>
#include <optional>

#include "processors/core/clip.h"
#include "processors/core/frame_queue.h"
#include "processors/graph/plan.h"

namespace patchbay {

// Who takes what a stage or a processor of another timing puts out.
struct Taker {
  enum class Kind {
    kStage,   // id: the stage
    kBridge,  // id: a node of the graph that does not stream
    kClient,  // id: unused
  };
  Kind kind = Kind::kClient;
  int id = 0;
  bool operator==(const Taker&) const = default;
};

// One clip, or one control signal, on its way from one part of a Pipeline to others. Everyone who
// takes it has a queue of his own.
class ClipStream {
 public:
  explicit ClipStream(const Lane& lane) : lane_(lane) {}

  const Lane& lane() const { return lane_; }

  void AddTaker(const Taker& taker) { queues_.push_back({taker, FrameQueue(lane_.num_channels)}); }
  // Null if he does not take it.
  FrameQueue* queue(const Taker& taker);
  // One more queue for a taker who reads at several places. He must not have read anything yet.
  FrameQueue& AddQueue(const Taker& taker);

  // Appends to every queue; past the length of the lane, nothing.
  void Append(ConstBlock frames);
  // All of its clip at once; the takers share it.
  void Append(Clip clip);
  // Nothing more will come.
  void End() { has_ended_ = true; }
  bool has_ended() const { return has_ended_; }
  // Frames that have come.
  int64_t num_frames() const { return appended_; }

  // Of what waits in the queues.
  int64_t num_bytes() const;

 private:
  struct Queue {
    Taker taker;
    FrameQueue frames;
  };

  const Lane lane_;
  std::deque<Queue> queues_;
  int64_t appended_ = 0;
  bool has_ended_ = false;
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_CLIP_STREAM_H_
