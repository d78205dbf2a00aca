#include "processors/time/delay_taps.h"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/time/delay_taps.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"
#include "processors/core/fours-inl.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// Cubic whatever the delay. Vectorised by the compiler. Returns the least of `oldest`.
int32_t SetTaps(const float* HWY_RESTRICT seconds, int num_frames, const DelayRange& range,
                int32_t* HWY_RESTRICT oldest, float (*HWY_RESTRICT weights)[kMaxFrames]) {
  const DelayRange bounds = range;
  float fractions[kMaxFrames];
  for (int i = 0; i < num_frames; ++i) {
    const double frames = bounds.Frames(seconds[i]);
    const int32_t whole = static_cast<int32_t>(frames);
    oldest[i] = whole + 2;
    fractions[i] = static_cast<float>(frames - whole);
  }
  int32_t least = std::numeric_limits<int32_t>::max();
  for (int i = 0; i < num_frames; ++i) {
    const DelayWeights cubic = CubicDelayWeights(fractions[i]);
    weights[0][i] = cubic[0];
    weights[1][i] = cubic[1];
    weights[2][i] = cubic[2];
    weights[3][i] = cubic[3];
    least = oldest[i] < least ? oldest[i] : least;
  }
  return least;
}

// Places in a ring, `now` being that of the first frame. Vectorised by the compiler.
void SetPositions(const int32_t* HWY_RESTRICT oldest, int num_frames, int32_t now,
                  int32_t line_frames, int32_t* HWY_RESTRICT positions) {
  for (int i = 0; i < num_frames; ++i) {
    const int32_t position = now + i - oldest[i];
    positions[i] = position + (position < 0 ? line_frames : 0);
  }
}

// Eight taps or more. The last eight may overlap with those before.
void ReadTaps(const float* HWY_RESTRICT line, const int32_t* HWY_RESTRICT positions,
              const float (*HWY_RESTRICT weights)[kMaxFrames], int first, int num_frames,
              float* HWY_RESTRICT out) {
  for (int done = 0; done < num_frames; done += 8) {
    const int i = done < num_frames - 8 ? done : num_frames - 8;
    Eight p0, p1, p2, p3, w0, w1, w2, w3;
    LoadEightFours([=](int k) { return line + positions[i + k]; }, p0, p1, p2, p3);
    Load(weights[0] + first + i, w0);
    Load(weights[1] + first + i, w1);
    Load(weights[2] + first + i, w2);
    Load(weights[3] + first + i, w3);
    const Eight interpolated = p0 * w0 + p1 * w1 + p2 * w2 + p3 * w3;
    const Eight read = w1 == 0 ? p2 : interpolated;
    Store(read, out + i);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(SetTaps);
HWY_EXPORT(SetPositions);
HWY_EXPORT(ReadTaps);

DelayTaps::DelayTaps(const float* seconds, int num_frames, const DelayRange& range)
    : seconds_(seconds), range_(range) {
  least_oldest_ = HWY_DYNAMIC_DISPATCH(SetTaps)(seconds, num_frames, range, oldest_, weights_);
}

int DelayTaps::KnownRun(int first, int num_frames) const {
  // So much is sure for all of them.
  int run = std::clamp(least_oldest_ - 3, 0, num_frames);
  for (; run < num_frames; ++run) {
    const bool is_whole = weights_[1][first + run] == 0;
    if (oldest_[first + run] - (is_whole ? 2 : 3) <= run) break;
  }
  return run;
}

void DelayTaps::Locate(int first, int num_frames, int64_t write, int64_t line_frames,
                       int32_t* positions) const {
  HWY_DYNAMIC_DISPATCH(SetPositions)
  (oldest_ + first, num_frames, static_cast<int32_t>(write), static_cast<int32_t>(line_frames),
   positions);
}

void DelayTaps::Read(int first, int num_frames, const float* line, const int32_t* positions,
                     float* out) const {
  HWY_DYNAMIC_DISPATCH(ReadTaps)(line, positions, weights_, first, num_frames, out);
}

}  // namespace patchbay
#endif  // HWY_ONCE
