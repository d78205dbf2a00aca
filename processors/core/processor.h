#ifndef PROCESSORS_CORE_PROCESSOR_H_
#define PROCESSORS_CORE_PROCESSOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "processors/core/parameters.h"
#include "processors/core/state.h"

namespace patchbay {

// The audio that a Processor is made for.
struct StreamFormat {
  int sample_rate_hz = 0;
  std::vector<int> input_channels;  // per input port; 0: an optional port left unconnected
  // The input comes this many frames late, because it closes a loop through this processor: it is
  // to be delayed that much less. At most Layout::loop_frames of the format without it.
  int64_t loop_frames = 0;

  bool operator==(const StreamFormat&) const = default;
};

// What a Processor will do, known before anything is allocated. All frames are at the sample rate
// of the StreamFormat.
struct Layout {
  std::vector<int> output_channels;  // per output port; of timing whole clip: not known yet
  int output_sample_rate_hz = 0;     // of timing resizing; 0: as the input
  int64_t latency_frames = 0;        // output frame n + latency answers input frame n
  // Frames of echo or reverberation after the end of the input, until -60 dB. The short ringing
  // of a filter is not counted: a filtered clip is as long as the clip.
  int64_t tail_frames = 0;
  int64_t state_bytes = 0;   // heap memory of each State
  int64_t shared_bytes = 0;  // heap memory of the Processor, shared by its States
  std::optional<int64_t> length_frames;  // a generator that ends: its length; unset: it never ends
  // The output depends on nothing later than the input this many frames ago, so that it may be fed
  // back to the input. 0: it must not close a loop.
  int64_t loop_frames = 0;
};

// The immutable result of valid Parameters and a StreamFormat: coefficients, FFT plans, spectra.
// Shared by every stream with the same parameters and format; thread-safe. The timing of its spec
// says which of StreamingProcessor, ResizingProcessor (resizing_processor.h) and ClipProcessor
// (clip_processor.h) it is.
class Processor {
 public:
  virtual ~Processor() = default;
  Processor(const Processor&) = delete;
  Processor& operator=(const Processor&) = delete;

 protected:
  Processor() = default;
};

// Timing streaming: n frames in, n frames out, at once.
class StreamingProcessor : public Processor {
 public:
  // A State at the start of a stream: silence before the first frame. The Processor must outlive
  // it.
  virtual std::unique_ptr<State> NewState() const = 0;
};

// Nothing to remember from one call to the next.
struct NoMemory {
  void Archive(StateArchive&) {}
};

// A StreamingProcessor whose States remember a plain struct, Memory, with `void Archive(StateArchive&)`.
// Derived supplies
//   Memory NewMemory() const;                            // may allocate
//   void Run(const ProcessIo& io, Memory& memory) const; // may not
template <typename Derived, typename Memory>
class NativeProcessor : public StreamingProcessor {
 public:
  std::unique_ptr<State> NewState() const final {
    return std::make_unique<NativeState>(static_cast<const Derived&>(*this));
  }

 private:
  class NativeState final : public State {
   public:
    explicit NativeState(const Derived& processor)
        : processor_(processor), memory_(processor.NewMemory()) {}

   private:
    void Run(const ProcessIo& io) override { processor_.Run(io, memory_); }
    void Archive(StateArchive& archive) override { memory_.Archive(archive); }

    const Derived& processor_;
    Memory memory_;
  };
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_PROCESSOR_H_
