#include <cmath>

#include "gtest/gtest.h"
#include "processors/generators/power_spectrum.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

double Correlation(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

TEST(NoiseTest, WhiteIsUniform) {
  const RunResult result =
      RunOrDie("noise", {{"amplitude", 0.8}, {"seed", 3.0}}, {}, {.num_frames = 1 << 20});
  double sum = 0, squares = 0, highest = 0;
  for (const double sample : result.outs[0].channel(0)) {
    sum += sample;
    squares += sample * sample;
    highest = std::max(highest, std::abs(sample));
  }
  const double n = 1 << 20;
  EXPECT_NEAR(sum / n, 0, 0.003);
  EXPECT_NEAR(std::sqrt(squares / n), 0.8 / std::sqrt(3.0), 0.002);
  EXPECT_LE(highest, 0.8f);
  EXPECT_GT(highest, 0.7999);
}

// Decibels per octave between bands an octave wide, 40 Hz to 20 kHz at 48 kHz.
void ExpectSlope(const char* color, double db_per_octave) {
  constexpr int kSize = 1 << 20;
  const RunResult result = RunOrDie("noise", {{"color", color}}, {}, {.num_frames = kSize + 48000});
  const std::vector<double> power = PowerSpectrum(result.outs[0].channel(0).subspan(48000));
  const auto band_db = [&](double low_hz) {
    double sum = 0;
    const int first = static_cast<int>(low_hz * kSize / 48000);
    for (int k = first; k < 2 * first; ++k) sum += power[k];
    return 10 * std::log10(sum / first);
  };
  const double reference_db = band_db(10240);
  for (int octave = 1; octave <= 8; ++octave) {
    const double hz = 10240 * std::exp2(-octave);
    // The spectrum of a finite piece of noise scatters: 4.3 dB / sqrt(number of bins).
    const double scatter_db = 4 * 4.3 / std::sqrt(hz * kSize / 48000);
    EXPECT_NEAR(band_db(hz) - reference_db, -octave * db_per_octave, 0.15 + scatter_db)
        << color << " at " << hz << " Hz";
  }
}

TEST(NoiseTest, WhiteIsFlat) { ExpectSlope("white", 0); }

TEST(NoiseTest, PinkFallsByThreeDecibelsPerOctave) { ExpectSlope("pink", -10 * std::log10(2.0)); }

TEST(NoiseTest, PinkHasTheStatedLevel) {
  const RunResult result =
      RunOrDie("noise", {{"color", "pink"}, {"amplitude", 1.0}}, {}, {.num_frames = 1 << 20});
  double squares = 0, highest = 0;
  for (const double sample : result.outs[0].channel(0)) {
    squares += sample * sample;
    highest = std::max(highest, std::abs(sample));
  }
  EXPECT_NEAR(std::sqrt(squares / (1 << 20)), 0.2, 0.01);
  EXPECT_LT(highest, 1.1);
}

TEST(NoiseTest, ChannelsAndSeedsAreIndependent) {
  const RunResult result = RunOrDie("noise", {{"channels", 2.0}}, {}, {.num_frames = 100000});
  const RunResult other = RunOrDie("noise", {{"seed", 1.0}}, {}, {.num_frames = 100000});
  const Clip& out = result.outs[0];
  EXPECT_LT(std::abs(Correlation(out.channel(0), out.channel(1))), 0.015);
  EXPECT_LT(std::abs(Correlation(out.channel(0), other.outs[0].channel(0))), 0.015);
}

TEST(NoiseTest, TheSameSeedGivesTheSameBitsHoweverItIsCalled) {
  for (const char* color : {"white", "pink"}) {
    const std::map<std::string, ParameterValue> parameters = {{"color", color}, {"channels", 3.0}};
    const RunResult whole = RunOrDie("noise", parameters, {}, {.num_frames = 5000});
    const RunResult pieces =
        RunOrDie("noise", parameters, {},
                 {.chunk_frames = {1, 100, 256}, .num_frames = 5000, .reload_at_frame = 1111});
    for (int c = 0; c < 3; ++c) {
      for (int i = 0; i < 5000; ++i) {
        ASSERT_EQ(whole.outs[0].channel(c)[i], pieces.outs[0].channel(c)[i]);
      }
    }
  }
}

TEST(NoiseTest, WhiteIsTheSameOnEveryMachine) {
  const RunResult result = RunOrDie("noise", {{"amplitude", 1.0}}, {}, {.num_frames = 3});
  const std::span<const float> out = result.outs[0].channel(0);
  EXPECT_EQ(out[0] * 8388608, 3407499);
  EXPECT_EQ(out[1] * 8388608, 5671579);
  EXPECT_EQ(out[2] * 8388608, 4515256);
}

TEST(NoiseTest, EndsAfterItsDuration) {
  const RunResult result =
      RunOrDie("noise", {{"duration_seconds", 0.0101}}, {}, {.num_frames = 1000});
  EXPECT_EQ(result.layout.length_frames, 485);  // 484.8
  EXPECT_NE(result.outs[0].channel(0)[484], 0);
  for (int i = 485; i < 1000; ++i) ASSERT_EQ(result.outs[0].channel(0)[i], 0);
}

}  // namespace
}  // namespace patchbay::testing
