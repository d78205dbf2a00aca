#include "clients/files/sample_quantizer.h"

#include <algorithm>
#include <cmath>

namespace patchbay {
namespace {

// Sum of two uniform values, -1 to 1. Multiplier and increment of Knuth's MMIX; the low bits of
// such generators are poor.
double Triangular(uint64_t& random) {
  const auto uniform = [&random] {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(random >> 32) * 0x1p-32;
  };
  const double first = uniform();
  return first - uniform();
}

// To the nearest whole number, without a call into libm: adding this pushes the fraction out of a
// double.
double Round(double value) {
  constexpr double kPush = 0x1.8p52;
  return (value + kPush) - kPush;
}

}  // namespace

void SampleQuantizer::Convert(ConstBlock in, std::span<int32_t> out) {
  const double scale = std::ldexp(1.0, bits_ - 1);
  const int shift = 32 - bits_;
  int32_t* to = out.data();
  for (int i = 0; i < in.num_frames(); ++i) {
    for (int c = 0; c < in.num_channels(); ++c) {
      const float sample = in.data()[c * in.channel_stride() + i];
      if (std::abs(sample) > 1) ++num_clipped_;
      // Bounded first: Round() is for numbers below 2^51. NaN comes out as -2.
      double value = scale * std::min(2.0, std::max(-2.0, static_cast<double>(sample)));
      if (dither_ && value != Round(value)) value += Triangular(random_);
      const double bounded = std::clamp(Round(value), -scale, scale - 1);
      *to++ = static_cast<int32_t>(static_cast<uint32_t>(static_cast<int32_t>(bounded)) << shift);
    }
  }
}

}  // namespace patchbay
