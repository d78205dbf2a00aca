#include "processors/time/delay_taps.h"

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

// Vectorised by the compiler. Returns the least number of known frames.
int32_t SetTaps(const float* HWY_RESTRICT seconds, int num_frames, const DelayRange& range,
                int32_t* HWY_RESTRICT oldest, int32_t* HWY_RESTRICT known_frames,
                float (*HWY_RESTRICT weights)[kMaxFrames]) {
  const DelayRange bounds = range;
  int32_t least = std::numeric_limits<int32_t>::max();
  for (int i = 0; i < num_frames; ++i) {
    const DelayTap tap(bounds.Frames(seconds[i]));
    least = tap.known_frames < least ? tap.known_frames : least;
    oldest[i] = tap.oldest;
    known_frames[i] = tap.known_frames;
    weights[0][i] = tap.weights[0];
    weights[1][i] = tap.weights[1];
    weights[2][i] = tap.weights[2];
    weights[3][i] = tap.weights[3];
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

// Those taps of num_frames that make up whole groups of eight; returns their number.
int ReadGroups(const float* HWY_RESTRICT line, const int32_t* HWY_RESTRICT positions,
               const int32_t* HWY_RESTRICT oldest, const int32_t* HWY_RESTRICT known_frames,
               const float (*HWY_RESTRICT weights)[kMaxFrames], int first, int num_frames,
               float* HWY_RESTRICT out) {
  int i = 0;
  for (; i + 8 <= num_frames; i += 8) {
    Eight p0, p1, p2, p3, w0, w1, w2, w3;
    LoadEightFours([=](int k) { return line + positions[i + k]; }, p0, p1, p2, p3);
    Load(weights[0] + first + i, w0);
    Load(weights[1] + first + i, w1);
    Load(weights[2] + first + i, w2);
    Load(weights[3] + first + i, w3);
    EightInts back, known;
    Load(oldest + first + i, back);
    Load(known_frames + first + i, known);
    const Eight interpolated = p0 * w0 + p1 * w1 + p2 * w2 + p3 * w3;
    const Eight read = back - known == 2 ? p2 : interpolated;
    Store(read, out + i);
  }
  return i;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace patchbay
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace patchbay {

HWY_EXPORT(SetTaps);
HWY_EXPORT(SetPositions);
HWY_EXPORT(ReadGroups);

DelayTaps::DelayTaps(const float* seconds, int num_frames, const DelayRange& range) {
  least_known_ =
      HWY_DYNAMIC_DISPATCH(SetTaps)(seconds, num_frames, range, oldest_, known_frames_, weights_);
}

int DelayTaps::KnownRun(int first, int num_frames) const {
  if (least_known_ >= num_frames) return num_frames;
  int run = 0;
  while (run < num_frames && known_frames_[first + run] > run) ++run;
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
  int i = HWY_DYNAMIC_DISPATCH(ReadGroups)(line, positions, oldest_, known_frames_, weights_, first,
                                           num_frames, out);
  for (; i < num_frames; ++i) out[i] = (*this)[first + i].Read(line + positions[i]);
}

}  // namespace patchbay
#endif  // HWY_ONCE
