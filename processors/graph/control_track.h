#ifndef PROCESSORS_GRAPH_CONTROL_TRACK_H_
#define PROCESSORS_GRAPH_CONTROL_TRACK_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "processors/core/control.h"
#include "processors/core/control_signal.h"
#include "processors/core/parameter_spec.h"

namespace patchbay {

// Values of rate `block` are re-read at multiples of this many frames while they move.
inline constexpr int kControlFrames = 32;

// The multiple of kControlFrames at or before a frame, also before frame 0.
inline int64_t FloorToControlFrames(int64_t frame) {
  const int64_t remainder = frame % kControlFrames;
  return frame - remainder - (remainder < 0 ? kControlFrames : 0);
}

// One parameter of a running node: its value as a function of the clip's frames. A change steps or,
// where the parameter declares a smoothing time, ramps in a straight line; or it begins a curve,
// which is followed exactly. The value at a frame depends only on the changes, never on how the
// stream is cut into calls.
class ControlTrack {
 public:
  using CurvePtr = std::shared_ptr<const ControlSignal>;

  // A change: from `start_frame` on, `from` moves to `to` within ramp_frames; or the curve begins.
  struct Segment {
    int64_t start_frame;
    double from;
    double to;  // where the curve ends, too
    CurvePtr curve;
  };

  // Follows `curve` from frame 0 if there is one.
  ControlTrack(const ParameterSpec& spec, double initial, CurvePtr curve, int sample_rate_hz);

  // Adds a change at start_frame, which must not lie before `position_frames`; changes that are
  // over before that position are forgotten. RESOURCE_EXHAUSTED if too many are pending.
  absl::Status Set(double value, int64_t start_frame, int64_t position_frames);
  absl::Status Set(CurvePtr curve, int64_t start_frame, int64_t position_frames);

  // Forgets all changes.
  void Reset();

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

  // For rate block: the Control for a call of any length, whose values hold between re-readings.
  Control ReadHeld(int64_t frame, int num_frames, std::span<float> scratch) const;

  // The curve from frame 0; null if there is none.
  const CurvePtr& initial_curve() const { return initial_curve_; }

  // For checkpoints. Restore takes finite segments in ascending order; INVALID_ARGUMENT otherwise.
  const std::vector<Segment>& segments() const { return segments_; }
  absl::Status Restore(std::vector<Segment> segments);

 private:
  absl::Status Insert(Segment change, int64_t position_frames);
  Segment Initial() const;
  const Segment& SegmentAt(int64_t frame) const;
  double ValueIn(const Segment& segment, int64_t frame) const;
  // Whether the value changes at `frame`.
  bool Moves(const Segment& segment, int64_t frame) const;
  // The frame whose value holds at `frame`, for rate block.
  static int64_t ReadFrame(const Segment& segment, int64_t frame);
  int HoldReadings(int64_t frame, std::span<float> values) const;

  const Rate rate_;
  const double initial_;
  const CurvePtr initial_curve_;
  const int64_t ramp_frames_;
  std::vector<Segment> segments_;  // never empty
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_CONTROL_TRACK_H_
