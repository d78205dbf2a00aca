#ifndef PROCESSORS_GRAPH_CONTROL_READER_H_
#define PROCESSORS_GRAPH_CONTROL_READER_H_

#include <cstdint>
#include <span>

#include "processors/core/frame_queue.h"
#include "processors/graph/clip_stream.h"

namespace patchbay {

// A control signal as a function of time, read at the sample rate of the clip that it moves: frame
// n of that clip takes the value at n / rate seconds, on a straight line between two values. After
// the signal's end its last value holds.
class ControlReader {
 public:
  // Of what `stream` puts into `values`, one of its queues. Both must outlive it.
  ControlReader(const ClipStream& stream, FrameQueue& values, int sample_rate_hz)
      : stream_(&stream), values_(&values), sample_rate_hz_(sample_rate_hz) {}

  // Frames, from the next on, whose values are known by now; at the end of the signal, any number.
  int num_available() const;

  // Of the next frame, which must be available.
  float value() const { return ValueAt(position_, Waiting(position_)); }

  // The next values.count() frames, which must be available; what is not needed again is dropped.
  void Read(std::span<float> values);
  void Skip(int num_frames);

 private:
  // The values that wait, up to those that a frame needs: many more may wait.
  std::span<const float> Waiting(int64_t frame) const;
  float ValueAt(int64_t frame, std::span<const float> values) const;
  // The last value at or before a frame, counted from the start of the signal.
  int64_t IndexOf(int64_t frame) const {
    return frame * stream_->lane().sample_rate_hz / sample_rate_hz_;
  }

  const ClipStream* stream_;
  FrameQueue* values_;
  int sample_rate_hz_;
  int64_t position_ = 0;  // the next frame
  int64_t dropped_ = 0;   // values
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_CONTROL_READER_H_
