#ifndef PROCESSORS_GENERATORS_WAVE_TABLES_H_
#define PROCESSORS_GENERATORS_WAVE_TABLES_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

namespace patchbay {

// Lagrange interpolation through four samples, `t` of the way from the second to the third. Also of
// vectors.
template <typename T>
inline void InterpolateWave(const T& p0, const T& p1, const T& p2, const T& p3, const T& t,
                            T& sample) {
  const T c1 = p2 - p0 * (1 / 3.0f) - p1 * 0.5f - p3 * (1 / 6.0f);
  const T c2 = (p0 + p2) * 0.5f - p1;
  const T c3 = (p3 - p0) * (1 / 6.0f) + (p1 - p2) * 0.5f;
  sample = ((c3 * t + c2) * t + c1) * t + p1;
}

// One period of a waveform with a limited number of harmonics, read at any phase.
class WaveTable {
 public:
  // `period` holds a power of two of samples, at most 2^24.
  explicit WaveTable(const std::vector<float>& period);

  // The first of the four samples around phase / 2^32 of the period, and the fraction of the way
  // from the second to the third.
  void Locate(uint32_t phase, const float*& samples, float& fraction) const {
    samples = samples_.data() + (phase >> index_shift_);
    fraction = static_cast<float>(static_cast<int32_t>((phase << fraction_shift_) >> 1)) * 0x1p-31f;
  }

  // The same for several phases.
  void Locate(const uint32_t* phases, int num_phases, const float** samples,
              float* fractions) const {
    for (int i = 0; i < num_phases; ++i) Locate(phases[i], samples[i], fractions[i]);
  }

  // The waveform at a phase, interpolated.
  float Read(uint32_t phase) const {
    const float* p;
    float t, sample;
    Locate(phase, p, t);
    InterpolateWave(p[0], p[1], p[2], p[3], t, sample);
    return sample;
  }

  // Heap memory of a table for `period_samples`, itself included.
  static constexpr int64_t Bytes(int period_samples) {
    return static_cast<int64_t>(sizeof(WaveTable) + (period_samples + 3) * sizeof(float));
  }

 private:
  int fraction_shift_;          // log2 of the period's length
  int index_shift_;             // 32 - fraction_shift_
  std::vector<float> samples_;  // the last sample, then the period, then its first two
};

// A waveform as a family of tables: one for every number of harmonics up to 16, then
// eight per octave up to 1024. For a frequency whose harmonics 1 to n lie below half the sample
// rate, the table with the most harmonics not above n is right; so that a moving frequency does not
// click, the harmonics that this table has more than its neighbour are faded over the last
// sixteenth below half the sample rate. The fundamental is not faded.
//
// A table has at least 16 samples per period of its highest harmonic: interpolation leaves images
// below -100 dB. Immutable; built once per process.
class WaveTables {
 public:
  static const WaveTables& Saw();
  static const WaveTables& Square();
  static const WaveTables& Triangle();

  // What to read for a frequency: (1 - weight) * lower + weight * upper.
  struct Selection {
    const WaveTable* lower;
    const WaveTable* upper;
    float weight;  // 0 to 1

    float Read(uint32_t phase) const {
      const float sample = upper->Read(phase);
      return weight < 1 ? (1 - weight) * lower->Read(phase) + weight * sample : sample;
    }
  };

  // `harmonics` is half the sample rate divided by the frequency, at least 1.
  Selection Select(float harmonics) const {
    const int step = Step(harmonics);
    const float weight = Weight(step, harmonics);
    return {weight < 1 ? lower(step) : upper(step), upper(step), weight};
  }

  // The same in parts, for a moving frequency: the step, which stays the same for a while, and the
  // weight.
  static int32_t Step(float harmonics) {
    // The exponent and the first three bits of the mantissa count steps of an eighth octave.
    const int32_t raw_step = (std::bit_cast<int32_t>(harmonics) >> kShift) - kStepOfOne;
    const int32_t above = raw_step > 0 ? raw_step : 0;
    return above < kNumSteps - 1 ? above : kNumSteps - 1;
  }
  static float Weight(int32_t step, float harmonics) {
    const float weight = (harmonics / NumHarmonics(step) - 1) * 16;
    const float held = weight < 1 ? weight : 1;
    return step == 0 ? 1 : held;
  }
  const WaveTable* upper(int step) const { return by_step_[step]; }
  const WaveTable* lower(int step) const { return by_step_[step > 0 ? step - 1 : 0]; }

  // Heap memory of one waveform's tables.
  static int64_t Bytes();

 private:
  static constexpr int kMaxHarmonics = 1024;
  static constexpr int kStepsPerOctave = 8;
  static constexpr int kNumSteps = 10 * kStepsPerOctave + 1;
  static constexpr int kShift = 20;
  static constexpr int kStepOfOne = 127 << 3;

  // The most harmonics, whole or not, that suit a step.
  static float NumHarmonics(int32_t step) {
    return std::bit_cast<float>((step + kStepOfOne) << kShift);
  }

  // The waveform is the sum of amplitude(k) sin(2 pi k phase), k = 1, 2, ...
  explicit WaveTables(double (*amplitude)(int harmonic));

  std::vector<std::unique_ptr<const WaveTable>> tables_;
  std::array<const WaveTable*, kNumSteps> by_step_;
};

}  // namespace patchbay

#endif  // PROCESSORS_GENERATORS_WAVE_TABLES_H_
