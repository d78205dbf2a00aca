#include "processors/time/delay_taps.h"

#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "processors/time/delay_taps.cc"
#include "hwy/foreach_target.h"  // before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace patchbay {
namespace HWY_NAMESPACE {
namespace {

// Vectors of the compiler's, which every target has; Highway chooses the target.
using Four [[gnu::vector_size(16)]] = float;
using Eight [[gnu::vector_size(32)]] = float;
using EightInts [[gnu::vector_size(32)]] = int32_t;

template <typename Vector, typename T>
HWY_INLINE void Load(const T* p, Vector& vector) {
  std::memcpy(&vector, p, sizeof(vector));
}

// Four frames from each of two places.
HWY_INLINE void LoadTwo(const float* p, const float* q, Eight& both) {
  Four first, second;
  Load(p, first);
  Load(q, second);
  both = __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7);
}

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

// Eight taps: their frames are turned, within halves, from four of a tap to one of each tap.
HWY_INLINE void ReadEight(const float* HWY_RESTRICT line, const int32_t* HWY_RESTRICT positions,
                          const int32_t* HWY_RESTRICT oldest,
                          const int32_t* HWY_RESTRICT known_frames,
                          const float (*HWY_RESTRICT weights)[kMaxFrames], int first,
                          float* HWY_RESTRICT out) {
  Eight a, b, c, d;
  LoadTwo(line + positions[0], line + positions[4], a);
  LoadTwo(line + positions[1], line + positions[5], b);
  LoadTwo(line + positions[2], line + positions[6], c);
  LoadTwo(line + positions[3], line + positions[7], d);
  const Eight ab01 = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
  const Eight ab23 = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
  const Eight cd01 = __builtin_shufflevector(c, d, 0, 8, 1, 9, 4, 12, 5, 13);
  const Eight cd23 = __builtin_shufflevector(c, d, 2, 10, 3, 11, 6, 14, 7, 15);
  const Eight p0 = __builtin_shufflevector(ab01, cd01, 0, 1, 8, 9, 4, 5, 12, 13);
  const Eight p1 = __builtin_shufflevector(ab01, cd01, 2, 3, 10, 11, 6, 7, 14, 15);
  const Eight p2 = __builtin_shufflevector(ab23, cd23, 0, 1, 8, 9, 4, 5, 12, 13);
  const Eight p3 = __builtin_shufflevector(ab23, cd23, 2, 3, 10, 11, 6, 7, 14, 15);
  Eight w0, w1, w2, w3;
  Load(weights[0] + first, w0);
  Load(weights[1] + first, w1);
  Load(weights[2] + first, w2);
  Load(weights[3] + first, w3);
  EightInts back, known;
  Load(oldest + first, back);
  Load(known_frames + first, known);
  const Eight interpolated = p0 * w0 + p1 * w1 + p2 * w2 + p3 * w3;
  const Eight read = back - known == 2 ? p2 : interpolated;
  std::memcpy(out, &read, sizeof(read));
}

// Those taps of num_frames that make up whole groups of eight; returns their number.
int ReadGroups(const float* HWY_RESTRICT line, const int32_t* HWY_RESTRICT positions,
               const int32_t* HWY_RESTRICT oldest, const int32_t* HWY_RESTRICT known_frames,
               const float (*HWY_RESTRICT weights)[kMaxFrames], int first, int num_frames,
               float* HWY_RESTRICT out) {
  int i = 0;
  for (; i + 8 <= num_frames; i += 8) {
    ReadEight(line, positions + i, oldest, known_frames, weights, first + i, out + i);
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
