#ifndef PROCESSORS_CORE_STATE_H_
#define PROCESSORS_CORE_STATE_H_

#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "processors/core/block.h"
#include "processors/core/control.h"
#include "processors/core/state_archive.h"

namespace patchbay {

// The longest Process call: the engine slices everything to this, so that blocks stay in L1 cache
// and a State can size its scratch memory once.
inline constexpr int kMaxFrames = 256;

// ProcessIo::end_frame while the end of the input is not known yet.
inline constexpr int64_t kUnknownEnd = std::numeric_limits<int64_t>::max();

// The plug: what one Process call reads and writes. All blocks hold num_frames frames.
struct ProcessIo {
  std::span<const ConstBlock> ins;     // per input port; no channels: an unconnected optional port
  std::span<const Block> outs;         // per output port; outs[0] may be ins[0] if spec.in_place
  std::span<const Control> controls;   // per parameter of the spec, in its order; only numbers with
                                       // a rate other than fixed are set. Rate block: constant,
                                       // unless the spec takes_held_controls
  std::span<const std::span<float>> control_outs;  // per control output, a value per frame
  int num_frames = 0;                  // 1 to kMaxFrames
  // Frames since the start of the clip that the first input (or the generator) stands for.
  // Negative while the latency of earlier nodes fills. Past end_frame, the input is silence.
  int64_t position_frames = 0;
  int64_t end_frame = kUnknownEnd;     // where that clip ends, as soon as it is known
};

// What one stream remembers. Not thread-safe. Reset is a new State.
class State {
 public:
  virtual ~State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // Computes num_frames frames. Never allocates, locks, or makes a system call; the result does
  // not depend on how a stream is cut into calls.
  void Process(const ProcessIo& io);

  // What this State remembers, as bytes for Load of a State of an equal Processor: it goes on
  // bit-exact. Not const because saving and loading share one Archive function.
  std::string Save();

  // INVALID_ARGUMENT if the bytes do not fit; the State must then be dropped.
  absl::Status Load(absl::string_view bytes);

 protected:
  State() = default;

 private:
  virtual void Run(const ProcessIo& io) = 0;
  virtual void Archive(StateArchive& archive) = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_STATE_H_
