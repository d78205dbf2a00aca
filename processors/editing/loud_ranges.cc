#include "processors/editing/loud_ranges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "processors/core/errors.h"
#include "processors/core/stretches.h"

namespace patchbay {
namespace {

constexpr int kBlock = 256;

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

absl::StatusOr<std::vector<Range>> LoudRanges(const Clip& clip, double threshold,
                                              int64_t minimum_silence, const Progress& progress) {
  std::vector<Range> ranges;
  const auto add = [&](int64_t first, std::span<const float> magnitudes) {
    for (size_t i = 0; i < magnitudes.size(); ++i) {
      if (magnitudes[i] <= threshold) continue;
      const int64_t frame = first + static_cast<int64_t>(i);
      if (ranges.empty() || frame - ranges.back().first - ranges.back().count >= minimum_silence) {
        ranges.push_back({frame, 1});
      } else {
        ranges.back().count = frame + 1 - ranges.back().first;
      }
    }
  };
  const auto look = [&](int64_t first, int count) {
    std::array<float, kBlock> buffer;
    for (int done = 0; done < count; done += kBlock) {
      const auto magnitudes = std::span(buffer).first(std::min(kBlock, count - done));
      if (Magnitudes(clip, first + done, magnitudes) > threshold) add(first + done, magnitudes);
    }
  };
  PATCHBAY_RETURN_IF_ERROR(InStretches(clip.num_frames(), progress, look));
  return ranges;
}

}  // namespace patchbay
