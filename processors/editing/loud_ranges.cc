#include "processors/editing/loud_ranges.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace patchbay {
namespace {

constexpr int64_t kBlock = 256;

// The largest magnitude of any channel, frame by frame; returns the largest of all.
float Magnitudes(const Clip& clip, int64_t first, std::span<float> magnitudes) {
  std::ranges::fill(magnitudes, 0.0f);
  for (int c = 0; c < clip.num_channels(); ++c) {
    const float* samples = clip.channel(c).data() + first;
    for (size_t i = 0; i < magnitudes.size(); ++i) {
      const float magnitude = std::abs(samples[i]);
      magnitudes[i] = magnitude > magnitudes[i] ? magnitude : magnitudes[i];
    }
  }
  float largest = 0;
  for (const float magnitude : magnitudes) largest = magnitude > largest ? magnitude : largest;
  return largest;
}

}  // namespace

std::vector<Range> LoudRanges(const Clip& clip, double threshold, int64_t minimum_silence) {
  std::vector<Range> ranges;
  std::array<float, kBlock> buffer;
  for (int64_t first = 0; first < clip.num_frames(); first += kBlock) {
    const auto magnitudes =
        std::span(buffer).first(std::min<int64_t>(kBlock, clip.num_frames() - first));
    if (Magnitudes(clip, first, magnitudes) <= threshold) continue;
    for (size_t i = 0; i < magnitudes.size(); ++i) {
      if (magnitudes[i] <= threshold) continue;
      const int64_t frame = first + static_cast<int64_t>(i);
      if (ranges.empty() || frame - ranges.back().first - ranges.back().count >= minimum_silence) {
        ranges.push_back({frame, 1});
      } else {
        ranges.back().count = frame + 1 - ranges.back().first;
      }
    }
  }
  return ranges;
}

}  // namespace patchbay
