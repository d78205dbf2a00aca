#include "processors/editing/join.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "processors/core/errors.h"
#include "processors/core/finite.h"
#include "processors/core/stretches.h"

namespace patchbay {
namespace {

struct Fade {
  int64_t frames = 0;
  FadeCurve curve = FadeCurve::kLinear;

  double Gain(int64_t frame) const {
    const double x = (frame + 0.5) / frames;
    return curve == FadeCurve::kLinear ? x : std::sin(0.5 * std::numbers::pi * x);
  }
};

// Where a piece goes, and how.
struct Placed {
  int64_t start = 0;
  Fade in;
  Fade out;
};

void AddPlain(std::span<const float> from, std::span<float> to) {
  for (size_t i = 0; i < from.size(); ++i) to[i] = Finite(to[i] + from[i]);
}

// The gains of frames [first, first + gains.size()) of a piece of `count` frames.
void FadeGains(const Placed& placed, int64_t count, int64_t first, std::span<float> gains) {
  for (size_t i = 0; i < gains.size(); ++i) {
    const int64_t frame = first + static_cast<int64_t>(i);
    double gain = 1;
    if (frame < placed.in.frames) gain *= placed.in.Gain(frame);
    if (count - 1 - frame < placed.out.frames) gain *= placed.out.Gain(count - 1 - frame);
    gains[i] = static_cast<float>(gain);
  }
}

// Frames [first, end) of a piece.
void Add(const Piece& piece, const Placed& placed, int64_t first, int64_t end, Clip& to) {
  constexpr int64_t kBlock = 256;
  std::array<float, kBlock> gains;
  const Range range = piece.range;
  const int64_t loud_begin = placed.in.frames;
  const int64_t loud_end = std::max(loud_begin, range.count - placed.out.frames);
  while (first < end) {
    const bool plain = first >= loud_begin && first < loud_end;
    const int64_t alike = plain ? loud_end : first < loud_begin ? loud_begin : range.count;
    const int64_t left = std::min(end, alike) - first;
    const int64_t count = plain ? left : std::min(kBlock, left);
    if (!plain) FadeGains(placed, range.count, first, std::span(gains).first(count));
    for (int c = 0; c < to.num_channels(); ++c) {
      const auto from = piece.clip->channel(SourceChannel(piece.clip->num_channels(), c))
                            .subspan(range.first + first, count);
      const auto sum = to.channel(c).subspan(placed.start + first, count);
      if (plain) {
        AddPlain(from, sum);
      } else {
        for (int64_t i = 0; i < count; ++i) sum[i] = Finite(sum[i] + gains[i] * from[i]);
      }
    }
    first += count;
  }
}

}  // namespace

FadeCurve FadeCurveOf(const std::string& choice) {
  return choice == "linear" ? FadeCurve::kLinear : FadeCurve::kConstantPower;
}

absl::StatusOr<Clip> Join(std::span<const Piece> pieces, int sample_rate_hz, int num_channels,
                          const JoinOptions& options, const Progress& progress) {
  std::vector<Placed> placed(pieces.size());
  int64_t end = options.before_frames;
  for (size_t i = 0; i < pieces.size(); ++i) {
    placed[i].start = end;
    if (i > 0 && !options.joints.empty()) {
      const Joint& joint = options.joints[(i - 1) % options.joints.size()];
      const int64_t overlap =
          std::min({-joint.gap_frames, pieces[i - 1].range.count, pieces[i].range.count});
      if (overlap > 0) {
        placed[i].in = placed[i - 1].out = {overlap, joint.curve};
        placed[i].start = end - overlap;
      } else {
        placed[i].start = end + std::max<int64_t>(0, joint.gap_frames);
      }
    }
    end = placed[i].start + pieces[i].range.count;
  }
  if (!pieces.empty()) {
    placed.front().in.frames = std::min(options.fade_in_frames, pieces.front().range.count);
    placed.back().out.frames = std::min(options.fade_out_frames, pieces.back().range.count);
  }

  PATCHBAY_ASSIGN_OR_RETURN(Clip result,
                            NewClip(sample_rate_hz, num_channels, end + options.after_frames));
  for (size_t i = 0; i < pieces.size(); ++i) {
    PATCHBAY_RETURN_IF_ERROR(InStretches(pieces[i].range.count, StepOf(progress, i, pieces.size()),
                                         [&](int64_t first, int count) {
                                           Add(pieces[i], placed[i], first, first + count, result);
                                         }));
  }
  return result;
}

}  // namespace patchbay
