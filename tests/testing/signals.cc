#include "tests/testing/signals.h"

#include <cmath>
#include <numbers>
#include <random>

namespace patchbay::testing {
namespace {

template <typename ValueAt>
Clip Generate(const Shape& shape, ValueAt value_at) {
  Clip clip(shape.sample_rate_hz, shape.num_channels, shape.num_frames);
  for (int c = 0; c < shape.num_channels; ++c) {
    for (int64_t i = 0; i < shape.num_frames; ++i) clip.channel(c)[i] = value_at(i);
  }
  return clip;
}

}  // namespace

Clip Noise(const Shape& shape, uint64_t seed, float amplitude) {
  std::mt19937_64 random(seed);
  return Generate(shape, [&](int64_t) {
    const double unit = static_cast<double>(random() >> 11) / (1ull << 53);
    return static_cast<float>((2 * unit - 1) * amplitude);
  });
}

Clip Sine(const Shape& shape, double frequency_hz, double amplitude) {
  const double step = 2 * std::numbers::pi * frequency_hz / shape.sample_rate_hz;
  return Generate(shape, [&](int64_t i) {
    return static_cast<float>(amplitude * std::sin(step * static_cast<double>(i)));
  });
}

Clip Impulse(const Shape& shape, int64_t at_frame, float value) {
  return Generate(shape, [&](int64_t i) { return i == at_frame ? value : 0.0f; });
}

Clip Constant(const Shape& shape, float value) {
  return Generate(shape, [&](int64_t) { return value; });
}

Clip Step(const Shape& shape, int64_t at_frame, float value) {
  return Generate(shape, [&](int64_t i) { return i < at_frame ? 0.0f : value; });
}

}  // namespace patchbay::testing
