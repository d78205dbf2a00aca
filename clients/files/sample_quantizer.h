#ifndef CLIENTS_FILES_SAMPLE_QUANTIZER_H_
#define CLIENTS_FILES_SAMPLE_QUANTIZER_H_

#include <cstdint>
#include <span>

#include "processors/core/block.h"

namespace patchbay {

// Floats to interleaved integers: 1.0 stands for 2^(bits-1), so that what was read from integers
// comes out as the same integers. Integers of fewer than 32 bits are in the uppermost bits.
//
// Dither is triangular, of two steps peak to peak (Lipshitz, Wannamaker, Vanderkooy: Quantization
// and Dither, JAES 40-5, 1992), from a seeded generator: the same input gives the same output.
// Samples that are whole steps have nothing to be rounded and stay as they are.
class SampleQuantizer {
 public:
  SampleQuantizer(int bits, bool dither) : bits_(bits), dither_(dither) {}

  // `out` holds channels x frames of `in`.
  void Convert(ConstBlock in, std::span<int32_t> out);

  // Samples beyond -1 to 1, which were clipped.
  int64_t num_clipped() const { return num_clipped_; }

 private:
  const int bits_;
  const bool dither_;
  uint64_t random_ = 1;
  int64_t num_clipped_ = 0;
};

}  // namespace patchbay

#endif  // CLIENTS_FILES_SAMPLE_QUANTIZER_H_
