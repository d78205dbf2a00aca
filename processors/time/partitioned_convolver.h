#ifndef PROCESSORS_TIME_PARTITIONED_CONVOLVER_H_
#define PROCESSORS_TIME_PARTITIONED_CONVOLVER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "processors/core/block.h"
#include "processors/core/state_archive.h"
#include "processors/time/aligned_floats.h"
#include "processors/time/block_transform.h"

namespace patchbay {

// Which response carries which input to which output.
struct ConvolutionPath {
  int input;
  int output;
  int response;
};

struct ConvolverShape {
  int num_inputs;
  int num_outputs;
  int num_responses;
  int64_t num_taps;  // of every response
};

// Convolves channels with long responses, without latency:
//
//   out[o] = sum over the paths to o of in[path.input] * response[path.response]
//
// Non-uniform partitioned convolution (Gardner, "Efficient convolution without input-output delay",
// JAES 43(3), 1995; Garcia, "Optimal filter partition for efficient convolution with short
// input/output delay", AES 113, 2002): the first taps are a direct FIR filter; the level of blocks
// of N frames takes the taps from N on, so that a block is transformed once it is complete and its
// outputs are due right then. Blocks lie at multiples of N frames of the stream, so that the output
// does not depend on how the stream is cut into calls.
class PartitionedConvolver {
 public:
  // What one stream remembers.
  class Memory {
   public:
    void Archive(StateArchive& archive);

   private:
    friend class PartitionedConvolver;
    struct Ring {
      int newest = 0;
      int size;
    };

    AlignedFloats floats;       // histories, spectra and outputs: see the .cc
    AlignedFloats scratch;      // nothing in it survives a call
    std::vector<Ring> spectra;  // per level, where its newest spectrum is
    int frame = 0;              // of the stream, modulo the history
    int history_frames;
  };

  // Every path and response must fit the shape; there is at least one tap.
  PartitionedConvolver(const ConvolverShape& shape, std::vector<ConvolutionPath> paths,
                       const std::vector<std::span<const float>>& responses, double scale);

  // The heap memory of a convolver, and of its Memory.
  static int64_t SharedBytes(const ConvolverShape& shape);
  static int64_t MemoryBytes(const ConvolverShape& shape);

  // After silence.
  Memory NewMemory() const;

  // in: num_inputs x n, out: num_outputs x n, apart in memory.
  void Process(ConstBlock in, Block out, Memory& memory) const;

 private:
  // Partitions of `block_frames` taps each, from tap block_frames on.
  struct Partitions {
    int block_frames;
    int count;
  };
  struct Level {
    Partitions partitions;
    const BlockTransform* transform;
    AlignedFloats taps;     // per response, banded spectra
    int64_t spectra_begin;  // in Memory::floats, per input
    int64_t outputs_begin;  // in Memory::floats, per output
  };

  static std::vector<Partitions> Plan(int64_t num_taps);
  static int HistoryFrames(const std::vector<Partitions>& levels);
  static int64_t NumFloats(const ConvolverShape& shape);
  static int64_t NumScratchFloats(const ConvolverShape& shape);

  float* History(Memory& memory, int input) const;
  void ProcessWithinBlock(ConstBlock in, Block out, Memory& memory) const;
  void FinishBlock(const Level& level, int newest, Memory& memory) const;

  const ConvolverShape shape_;
  const std::vector<ConvolutionPath> paths_;  // by output
  int num_head_taps_;
  AlignedFloats head_;  // per response, num_head_taps_
  int history_frames_;
  std::vector<Level> levels_;
};

}  // namespace patchbay

#endif  // PROCESSORS_TIME_PARTITIONED_CONVOLVER_H_
