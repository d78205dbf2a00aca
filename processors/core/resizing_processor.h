#ifndef PROCESSORS_CORE_RESIZING_PROCESSOR_H_
#define PROCESSORS_CORE_RESIZING_PROCESSOR_H_

#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "processors/core/control.h"
#include "processors/core/frame_queue.h"
#include "processors/core/processor.h"

namespace patchbay {

// What one call of a ResizingState reads and writes.
struct ResizeIo {
  ConstBlock in;                      // num_frames() is 0 to kMaxFrames
  std::span<const Control> controls;  // as in ProcessIo, of in.num_frames() frames
  int64_t position_frames = 0;        // of the first input frame, since the start of the clip
  bool is_last = false;               // the clip ends with `in`: everything is to come out now
  FrameQueue& out;                    // what comes out is appended; any number of frames
};

// What one stream of a ResizingProcessor remembers. Not thread-safe.
class ResizingState {
 public:
  virtual ~ResizingState() = default;
  ResizingState(const ResizingState&) = delete;
  ResizingState& operator=(const ResizingState&) = delete;

  // Output frame 0 answers input frame 0: what a library puts out before that is dropped here. The
  // output does not depend on how the input is cut into calls. INTERNAL if a library fails.
  virtual absl::Status Process(const ResizeIo& io) = 0;

 protected:
  ResizingState() = default;
};

// Timing resizing: n frames in, m out, while the input still comes. One input, one output.
class ResizingProcessor : public Processor {
 public:
  // The Processor must outlive it.
  virtual std::unique_ptr<ResizingState> NewState() const = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_RESIZING_PROCESSOR_H_
