#include <cmath>
#include <numbers>

#include "gtest/gtest.h"
#include "processors/generators/power_spectrum.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

using std::numbers::pi;

constexpr int kSize = 32768;
constexpr double kBinHz = 48000.0 / kSize;

// The spectrum of a whole number of periods, `bin` per kSize frames, at amplitude 1.
std::vector<double> Spectrum(const char* waveform, int bin) {
  const RunResult result = RunOrDie(
      "oscillator", {{"waveform", waveform}, {"frequency_hz", bin * kBinHz}, {"amplitude", 1.0}},
      {}, {.num_frames = kSize});
  return PowerSpectrum(result.outs[0].channel(0));
}

double SeriesAmplitude(const std::string& waveform, int k) {
  if (waveform == "saw") return 2 / (pi * k);
  if (k % 2 == 0) return 0;
  return waveform == "square" ? 4 / (pi * k) : 8 / (pi * pi * k * k);
}

TEST(OscillatorTest, SineInClosedForm) {
  const RunResult result =
      RunOrDie("oscillator", {{"frequency_hz", 1234.5}, {"phase", 0.1}, {"amplitude", 0.7}}, {},
               {.num_frames = 48000});
  for (int i = 0; i < 48000; ++i) {
    const double expected = 0.7 * std::sin(2 * pi * (0.1 + 1234.5 / 48000 * i));
    ASSERT_NEAR(result.outs[0].channel(0)[i], expected, 5e-7) << "frame " << i;
  }
}

TEST(OscillatorTest, HarmonicsAreThoseOfTheFourierSeries) {
  for (const char* waveform : {"saw", "square", "triangle"}) {
    for (const int bin : {41, 101, 307, 1009, 3001}) {
      const std::vector<double> power = Spectrum(waveform, bin);
      // Up to 5/6 of half the sample rate, 20 kHz: harmonics fade above.
      for (int k = 1; k * bin < kSize * 5 / 12; ++k) {
        const double expected = SeriesAmplitude(waveform, k);
        const double amplitude = std::sqrt(power[k * bin]);
        EXPECT_NEAR(amplitude, expected, 2e-4 * expected + 1e-6)
            << waveform << " at " << bin * kBinHz << " Hz, harmonic " << k;
      }
    }
  }
}

TEST(OscillatorTest, AliasingIsInaudible) {
  double worst = 0;
  for (const char* waveform : {"saw", "square", "triangle"}) {
    // 20 Hz to 16 kHz. All bins are prime, so that no alias falls on a harmonic.
    for (const int bin : {13, 37, 73, 149, 293, 593, 1187, 2371, 3413, 4787, 6829, 8693, 10903}) {
      const std::vector<double> power = Spectrum(waveform, bin);
      for (int k = 0; k <= kSize / 2; ++k) {
        if (k % bin != 0) worst = std::max(worst, power[k] / power[bin]);
      }
    }
  }
  EXPECT_LT(10 * std::log10(worst), -100);
}

TEST(OscillatorTest, FrequencyModulationInClosedForm) {
  // A linear sweep: the phase after n steps is the sum of the frequencies so far.
  constexpr int kFrames = 48000;
  std::vector<float> sweep(kFrames);
  for (int i = 0; i < kFrames; ++i) sweep[i] = 100.0f + 0.25f * i;
  const RunResult result =
      RunOrDie("oscillator", {{"amplitude", 1.0}}, {},
               {.automation = {{"frequency_hz", sweep}}, .num_frames = kFrames});
  for (int i = 0; i < kFrames; ++i) {
    const double cycles = (100.0 * i + 0.25 * (0.5 * i * (i - 1.0))) / 48000;
    ASSERT_NEAR(result.outs[0].channel(0)[i], std::sin(2 * pi * (cycles - std::floor(cycles))),
                1e-6)
        << "frame " << i;
  }
}

TEST(OscillatorTest, PhaseModulationInClosedForm) {
  constexpr int kFrames = 4800;
  std::vector<float> phase(kFrames);
  for (int i = 0; i < kFrames; ++i) phase[i] = 3 * std::sin(0.01f * i);
  const RunResult result = RunOrDie("oscillator", {{"frequency_hz", 480.0}, {"amplitude", 1.0}}, {},
                                    {.automation = {{"phase", phase}}, .num_frames = kFrames});
  for (int i = 0; i < kFrames; ++i) {
    ASSERT_NEAR(result.outs[0].channel(0)[i], std::sin(2 * pi * (0.01 * i + phase[i])), 2e-6);
  }
}

TEST(OscillatorTest, ASweptSawHasNoClicks) {
  // Up two octaves per second: the levels change often. Against the series with a soft limit.
  constexpr int kFrames = 48000;
  std::vector<float> sweep(kFrames);
  for (int i = 0; i < kFrames; ++i) sweep[i] = 2000 * std::exp2(2.0f * i / kFrames);
  const RunResult result =
      RunOrDie("oscillator", {{"waveform", "saw"}, {"amplitude", 1.0}}, {},
               {.automation = {{"frequency_hz", sweep}}, .num_frames = kFrames});
  double cycles = 0;
  for (int i = 0; i < kFrames; ++i) {
    double expected = 0;
    const double harmonics = 24000.0 / sweep[i];
    for (int k = 1; k < harmonics; ++k) {
      const double fade = k == 1 ? 1 : std::min(1.0, (harmonics / k - 1) * 16);
      expected += fade * (k % 2 == 1 ? 2 : -2) / (pi * k) * std::sin(2 * pi * k * cycles);
    }
    ASSERT_NEAR(result.outs[0].channel(0)[i], expected, 2e-5) << "frame " << i;
    cycles += sweep[i] / 48000.0;
    cycles -= std::floor(cycles);
  }
}

TEST(OscillatorTest, IsSilentFromHalfTheSampleRateUp) {
  for (const char* waveform : {"sine", "saw"}) {
    for (const double hz : {24000.0, 48000.0, 100000.0}) {
      const RunResult result = RunOrDie(
          "oscillator", {{"waveform", waveform}, {"frequency_hz", hz}}, {}, {.num_frames = 300});
      for (const float sample : result.outs[0].channel(0)) ASSERT_EQ(sample, 0);
    }
  }
}

TEST(OscillatorTest, ThePhaseDoesNotDrift) {
  constexpr int kFrames = 1 << 22;
  const float hz = 440.1f;
  const RunResult result = RunOrDie("oscillator", {{"frequency_hz", hz}, {"amplitude", 1.0}}, {},
                                    {.num_frames = kFrames});
  for (int i = kFrames - 1000; i < kFrames; ++i) {
    const double cycles = static_cast<double>(hz) * i / 48000;
    ASSERT_NEAR(result.outs[0].channel(0)[i], std::sin(2 * pi * (cycles - std::floor(cycles))),
                1e-6);
  }
}

TEST(OscillatorTest, EndsAfterItsDurationInAllChannels) {
  const RunResult result = RunOrDie("oscillator", {{"duration_seconds", 0.01}, {"channels", 3.0}},
                                    {}, {.num_frames = 1000});
  EXPECT_EQ(result.layout.length_frames, 480);
  ASSERT_EQ(result.outs[0].num_channels(), 3);
  for (int i = 0; i < 1000; ++i) {
    const float sample = result.outs[0].channel(0)[i];
    ASSERT_EQ(sample != 0, i > 0 && i < 480) << "frame " << i;
    ASSERT_EQ(result.outs[0].channel(2)[i], sample);
  }
}

TEST(OscillatorTest, ConstantAndVaryingControlsGiveTheSameBits) {
  constexpr int kFrames = 5000;
  for (const char* waveform : {"sine", "saw", "square", "triangle"}) {
    const std::map<std::string, ParameterValue> parameters = {
        {"waveform", waveform}, {"frequency_hz", 5500.0}, {"phase", 0.3}};
    const RunResult constant = RunOrDie("oscillator", parameters, {}, {.num_frames = kFrames});
    const RunResult varying =
        RunOrDie("oscillator", parameters, {},
                 {.chunk_frames = {1, 30, 256},
                  .automation = {{"frequency_hz", std::vector<float>(kFrames, 5500.0f)},
                                 {"phase", std::vector<float>(kFrames, 0.3f)},
                                 {"amplitude", std::vector<float>(kFrames, 0.5f)}},
                  .num_frames = kFrames,
                  .reload_at_frame = 1234});
    for (int i = 0; i < kFrames; ++i) {
      ASSERT_EQ(constant.outs[0].channel(0)[i], varying.outs[0].channel(0)[i]) << waveform;
    }
  }
}

}  // namespace
}  // namespace patchbay::testing
