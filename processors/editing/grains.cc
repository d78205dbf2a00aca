#include "processors/editing/grains.h"

#include <algorithm>

namespace patchbay {

GrainShape::GrainShape(double seconds, double overlap, int sample_rate_hz)
    : frames(std::max<int64_t>(1, FramesIn(seconds, sample_rate_hz))),
      overlap_frames(
          std::min<int64_t>(frames / 2, std::llround(overlap * static_cast<double>(frames)))) {}

std::vector<Piece> Grains(const Clip& clip, const GrainShape& shape) {
  std::vector<Piece> grains;
  const int64_t hop = shape.frames - shape.overlap_frames;
  for (int64_t first = 0; first < clip.num_frames(); first += hop) {
    const int64_t count = std::min(shape.frames, clip.num_frames() - first);
    grains.push_back({&clip, {first, count}});
    if (first + count == clip.num_frames()) break;
  }
  return grains;
}

absl::StatusOr<Clip> JoinGrains(std::span<const Piece> grains, const GrainShape& shape,
                                FadeCurve curve, int sample_rate_hz, int num_channels,
                                const Progress& progress) {
  const Joint joint = {-shape.overlap_frames, curve};
  JoinOptions options = {.joints = std::span(&joint, 1)};
  if (!grains.empty()) {
    const Piece& last = grains.back();
    if (grains.front().range.first > 0) options.fade_in_frames = shape.overlap_frames;
    if (last.range.first + last.range.count < last.clip->num_frames()) {
      options.fade_out_frames = shape.overlap_frames;
    }
  }
  return Join(grains, sample_rate_hz, num_channels, options, progress);
}

ParameterSpec GrainSecondsSpec(double minimum, const char* doc) {
  return {
      .name = "grain_seconds",
      .unit = Unit::kSeconds,
      .minimum = minimum,
      .maximum = 600,
      .default_value = 0.1,
      .doc = doc,
  };
}

ParameterSpec GrainOverlapSpec() {
  return {
      .name = "overlap",
      .maximum = 0.5,
      .default_value = 0.25,
      .doc = "The part of a grain that is crossfaded with the next.",
  };
}

}  // namespace patchbay
