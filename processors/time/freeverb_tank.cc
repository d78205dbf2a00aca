#include "processors/time/freeverb_tank.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace patchbay {
namespace {

// Freeverb's tuning: delays in frames at 44100 Hz.
constexpr double kTuningHz = 44100;
constexpr int kNumCombs = 8;
constexpr int kCombDelays[kNumCombs] = {1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617};
constexpr int kAllpassDelays[] = {556, 441, 341, 225};
constexpr int kStereoSpread = 23;
constexpr int kSpreadModulus = 353;  // a prime, so that 64 channels differ
constexpr float kAllpassFeedback = 0.5f;

int64_t ScaledFrames(int frames, int channel, int sample_rate_hz) {
  const int spread = kStereoSpread * channel % kSpreadModulus;
  return std::max<int64_t>(1, std::llround((frames + spread) / kTuningHz * sample_rate_hz));
}

// Four floats of the compiler's own vector type (GCC, Clang), which is SSE2 or NEON.
using Vector __attribute__((vector_size(16))) = float;
constexpr int kLanes = 4;

Vector Load(const float* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof(vector));
  return vector;
}

void Store(Vector vector, float* to) { std::memcpy(to, &vector, sizeof(vector)); }

void Transpose(Vector (&rows)[4]) {
  const Vector ab_low = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
  const Vector ab_high = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
  const Vector cd_low = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
  const Vector cd_high = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
  rows[0] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  rows[1] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  rows[2] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  rows[3] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

// Four combs over four frames; their outputs are added to `sum`. The low-pass in the loop is
// serial, so the combs go side by side.
[[gnu::always_inline]] inline void FourCombs(float* const* combs, int n,
                                             CombCoefficients coefficients, const float* in,
                                             Vector& lowpassed, Vector& sum) {
  const auto [damping, feedback] = coefficients;
  Vector rows[4];
  for (int j = 0; j < 4; ++j) {
    rows[j] = Load(combs[j] + n);
    sum += rows[j];
  }
  Transpose(rows);
  for (int i = 0; i < 4; ++i) {
    lowpassed = rows[i] * (1 - damping) + lowpassed * damping;
    rows[i] = in[n + i] + lowpassed * feedback;
  }
  Transpose(rows);
  for (int j = 0; j < 4; ++j) Store(rows[j], combs[j] + n);
}

// Frames in which no comb wraps.
void Combs(float* const (&combs)[kNumCombs], int num_frames, CombCoefficients coefficients,
           const float* in, float* out, float* lowpassed) {
  Vector low = Load(lowpassed);
  Vector high = Load(lowpassed + 4);
  int n = 0;
  for (; n + kLanes <= num_frames; n += kLanes) {
    Vector sum = {};
    FourCombs(combs, n, coefficients, in, low, sum);
    FourCombs(combs + 4, n, coefficients, in, high, sum);
    Store(sum, out + n);
  }
  Store(low, lowpassed);
  Store(high, lowpassed + 4);
  const auto [damping, feedback] = coefficients;
  for (; n < num_frames; ++n) {
    float sum = 0;
    for (int j = 0; j < kNumCombs; ++j) sum += combs[j][n];
    out[n] = sum;
    for (int j = 0; j < kNumCombs; ++j) {
      lowpassed[j] = combs[j][n] * (1 - damping) + lowpassed[j] * damping;
      combs[j][n] = in[n] + lowpassed[j] * feedback;
    }
  }
}

// As Freeverb has it, with a direct gain of -1 in place of -g:
// out = late - in, where late is in + g late, one delay ago.
void Allpass(InPlaceDelayLine& line, int num_frames, float* in_out) {
  for (int done = 0; done < num_frames;) {
    const int count = std::min(num_frames - done, line.until_wrap());
    float* __restrict late = line.here();
    float* __restrict x = in_out + done;
    for (int n = 0; n < count; ++n) {
      const float in = x[n];
      x[n] = late[n] - in;
      late[n] = in + kAllpassFeedback * late[n];
    }
    line.Advance(count);
    done += count;
  }
}

}  // namespace

FreeverbTank::Delays FreeverbTank::DelaysOf(int channel, int sample_rate_hz) {
  Delays delays = {};
  for (const int delay : kCombDelays) {
    const int64_t frames = ScaledFrames(delay, channel, sample_rate_hz);
    delays.longest_comb = std::max(delays.longest_comb, frames);
    delays.all += frames;
  }
  for (const int delay : kAllpassDelays) {
    delays.all_allpasses += ScaledFrames(delay, channel, sample_rate_hz);
  }
  delays.all += delays.all_allpasses;
  return delays;
}

int64_t FreeverbTank::Bytes(int channel, int sample_rate_hz) {
  return DelaysOf(channel, sample_rate_hz).all * sizeof(float) +
         (std::size(kCombDelays) + std::size(kAllpassDelays)) * sizeof(InPlaceDelayLine);
}

FreeverbTank::FreeverbTank(int channel, int sample_rate_hz) {
  combs_.reserve(std::size(kCombDelays));
  for (const int delay : kCombDelays) {
    combs_.emplace_back(ScaledFrames(delay, channel, sample_rate_hz));
  }
  allpasses_.reserve(std::size(kAllpassDelays));
  for (const int delay : kAllpassDelays) {
    allpasses_.emplace_back(ScaledFrames(delay, channel, sample_rate_hz));
  }
}

void FreeverbTank::Process(const float* in, int num_frames, CombCoefficients coefficients,
                           float* out) {
  for (int done = 0; done < num_frames;) {
    int count = num_frames - done;
    float* combs[kNumCombs];
    for (int j = 0; j < kNumCombs; ++j) {
      count = std::min(count, combs_[j].until_wrap());
      combs[j] = combs_[j].here();
    }
    Combs(combs, count, coefficients, in + done, out + done, lowpassed_.data());
    for (InPlaceDelayLine& comb : combs_) comb.Advance(count);
    done += count;
  }
  for (InPlaceDelayLine& allpass : allpasses_) Allpass(allpass, num_frames, out);
}

void FreeverbTank::Archive(StateArchive& archive) {
  for (InPlaceDelayLine& comb : combs_) comb.Archive(archive);
  for (InPlaceDelayLine& allpass : allpasses_) allpass.Archive(archive);
  archive.Values(lowpassed_);
}

}  // namespace patchbay
