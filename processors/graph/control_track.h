#ifndef PROCESSORS_GRAPH_CONTROL_TRACK_H_
#define PROCESSORS_GRAPH_CONTROL_TRACK_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "processors/core/control.h"
#include "processors/core/parameter_spec.h"

namespace patchbay {

// Values of rate `block` are re-read at multiples of this many frames while they move.
inline constexpr int kControlFrames = 32;

// One parameter of a running node: its value as a function of the clip's frames. A change steps or,
// where the parameter declares a smoothing time, ramps in a straight line. The value at a frame
// depends only on the changes, never on how the stream is cut into calls.
class ControlTrack {
 public:
  // A change: from `start_frame` on, `from` moves to `to` within ramp_frames.
  struct Segment {
    int64_t start_frame;
    double from;
    double to;
  };

  ControlTrack(const ParameterSpec& spec, double initial, int sample_rate_hz);

  // Adds a change at start_frame, which must not lie before `position_frames`; changes that are
  // over before that position are forgotten. RESOURCE_EXHAUSTED if too many are pending.
  absl::Status Set(double value, int64_t start_frame, int64_t position_frames);

  // Forgets all changes.
  void Reset(double initial);

  // The value at a frame.
  double ValueAt(int64_t frame) const;
  // The value once all changes are done.
  double target() const { return segments_.back().to; }

  // How many of `num_frames` frames from `frame` a call may span: all for rate audio; up to the
  // next re-reading or step for rate block.
  int CallFrames(int64_t frame, int num_frames) const;

  // The Control for a call of CallFrames() or fewer frames. `scratch` holds num_frames values and
  // is only used when the value moves within the call.
  Control Read(int64_t frame, int num_frames, std::span<float> scratch) const;

  // For checkpoints. Restore takes finite segments in ascending order, the first from the start of
  // time; INVALID_ARGUMENT otherwise.
  const std::vector<Segment>& segments() const { return segments_; }
  absl::Status Restore(std::vector<Segment> segments);

 private:
  const Segment& SegmentAt(int64_t frame) const;
  double ValueIn(const Segment& segment, int64_t frame) const;
  // The frame whose value holds at `frame`, for rate block.
  static int64_t ReadFrame(const Segment& segment, int64_t frame);

  const Rate rate_;
  const int64_t ramp_frames_;
  std::vector<Segment> segments_;  // never empty
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_CONTROL_TRACK_H_
