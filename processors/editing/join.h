#ifndef PROCESSORS_EDITING_JOIN_H_
#define PROCESSORS_EDITING_JOIN_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "processors/core/clip_processor.h"
#include "processors/editing/collection.h"

namespace patchbay {

// How two sounds change places over N frames: going in, frame n has the gain f((n + 1/2) / N),
// going out the mirror image. f(x) is x, so that equal sounds add up to themselves, or sin(pi x /
// 2), so that unrelated sounds keep their power.
enum class FadeCurve { kLinear, kConstantPower };

FadeCurve FadeCurveOf(const std::string& choice);  // "linear" or "constant_power"

// Lines up pieces of clips.
struct Piece {
  const Clip* clip;
  Range range;
};

struct Joint {
  int64_t gap_frames = 0;  // silence; negative: the pieces are crossfaded over that many frames
  FadeCurve curve = FadeCurve::kLinear;
};

struct JoinOptions {
  // Between piece i and the next: joints[i % size]. Empty: end to end.
  std::span<const Joint> joints;
  int64_t before_frames = 0;  // silence
  int64_t after_frames = 0;
  // Fades at the very start and end.
  int64_t fade_in_frames = 0;
  int64_t fade_out_frames = 0;
};

// One clip of all pieces, of `num_channels` (mono pieces play in every channel). A crossfade is
// limited to the shorter of its two pieces.
absl::StatusOr<Clip> Join(std::span<const Piece> pieces, int sample_rate_hz, int num_channels,
                          const JoinOptions& options, const Progress& progress);

}  // namespace patchbay

#endif  // PROCESSORS_EDITING_JOIN_H_
