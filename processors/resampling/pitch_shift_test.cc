#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "processors/resampling/tone.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

class PitchShiftTest : public ::testing::TestWithParam<const char*> {
 protected:
  Values With(double semitones) const {
    return {{"pitch_semitones", semitones}, {"engine", std::string(GetParam())}};
  }
};

TEST_P(PitchShiftTest, AnOctaveIsTwiceTheFrequency) {
  for (const int rate : {16000, 48000}) {
    for (const double semitones : {-24.0, -5.0, 0.0, 12.0}) {
      const double frequency = rate / 60.0;
      const RunResult result =
          RunOrDie("pitch_shift", With(semitones), {Sine({rate, 1, 16000}, frequency)});
      const auto steady =
          result.outs[0].channel(0).subspan(result.layout.latency_frames + 5000, 8000);
      const double expected = frequency * std::exp2(semitones / 12);
      const Tone tone = FindTone(steady, rate, expected);
      EXPECT_NEAR(tone.frequency_hz, expected, expected * 0.003) << rate << " " << semitones;
      EXPECT_NEAR(tone.amplitude, 0.5, 0.05) << rate << " " << semitones;
    }
  }
}

TEST_P(PitchShiftTest, LatencyIsAsDeclared) {
  for (const int rate : {8000, 44100, 192000}) {
    for (const double semitones : {-12.0, 0.0, 12.0}) {
      Clip in(rate, 1, 16000);
      for (int i = -40; i < 40; ++i) {
        in.channel(0)[8000 + i] = 0.5f * std::sin(0.5f * i) * std::cos(M_PI * i / 80);
      }
      const RunResult result = RunOrDie("pitch_shift", With(semitones), {in});
      const auto out = result.outs[0].channel(0);
      double energy = 0;
      double moment = 0;
      for (size_t i = 0; i < out.size(); ++i) {
        energy += out[i] * out[i];
        moment += out[i] * out[i] * i;
      }
      EXPECT_NEAR(moment / energy - result.layout.latency_frames, 8000, 0.015 * rate + 500)
          << rate << " " << semitones;
      EXPECT_TRUE(std::ranges::all_of(out.first(result.layout.latency_frames),
                                      [](float x) { return x == 0; }));
    }
  }
}

TEST_P(PitchShiftTest, SoundsWithoutGapsWhileThePitchMoves) {
  const Clip in = Sine({16000, 1, 40000}, 440);
  for (const double start : {-24.0, 0.0, 24.0}) {
    std::vector<float> semitones(50000);
    for (int i = 0; i < 50000; ++i) {
      semitones[i] = static_cast<float>(start * std::cos(i * 4e-4) +
                                        (24 - std::abs(start)) * std::sin(i * 4e-4));
    }
    const RunResult result =
        RunOrDie("pitch_shift", With(start), {in},
                 {.automation = {{"pitch_semitones", semitones}}, .num_frames = 40000});
    const auto out = result.outs[0].channel(0).subspan(result.layout.latency_frames + 4000);
    for (size_t first = 0; first + 640 < out.size(); first += 320) {
      float peak = 0;
      for (const float x : out.subspan(first, 640)) peak = std::max(peak, std::abs(x));
      ASSERT_GT(peak, 0.1f) << start << ", frame " << first;
      ASSERT_LT(peak, 1.0f) << start << ", frame " << first;
    }
  }
}

TEST_P(PitchShiftTest, DoesNotDependOnHowItIsCut) {
  const Clip in = Noise({.sample_rate_hz = 16000, .num_frames = 6000});
  std::vector<float> semitones(20000);
  for (int i = 0; i < 20000; ++i) semitones[i] = 20 * std::sin(i * 1e-3f);
  const RunOptions whole = {.automation = {{"pitch_semitones", semitones}}};
  RunOptions cut = whole;
  cut.chunk_frames = {1, 31, 100, 7};
  const RunResult a = RunOrDie("pitch_shift", With(0), {in}, whole);
  const RunResult b = RunOrDie("pitch_shift", With(0), {in}, cut);
  for (int c = 0; c < 2; ++c) {
    EXPECT_TRUE(std::ranges::equal(a.outs[0].channel(c), b.outs[0].channel(c)));
  }
}

TEST_P(PitchShiftTest, PreservedFormantsKeepTheEnvelope) {
  // A pulse train through a resonance at 1 kHz: an octave up, its peak moves unless preserved.
  Clip in(16000, 1, 24000);
  double y1 = 0;
  double y2 = 0;
  for (int i = 0; i < 24000; ++i) {
    const double r = 0.98;
    const double y = (i % 160 == 0) + 2 * r * std::cos(2 * M_PI * 1000 / 16000) * y1 - r * r * y2;
    y2 = y1;
    y1 = y;
    in.channel(0)[i] = static_cast<float>(0.05 * y);
  }
  const auto ratio = [&](const char* formants) {
    Values parameters = With(12);
    parameters["formants"] = std::string(formants);
    const RunResult result = RunOrDie("pitch_shift", parameters, {in});
    const auto steady =
        result.outs[0].channel(0).subspan(result.layout.latency_frames + 4000, 16000);
    return FindTone(steady, 16000, 1000).amplitude / FindTone(steady, 16000, 2000).amplitude;
  };
  EXPECT_LT(ratio("shifted"), 0.5);
  EXPECT_GT(ratio("preserved"), 2);
}

INSTANTIATE_TEST_SUITE_P(Engines, PitchShiftTest, ::testing::Values("finer", "faster"));

}  // namespace
}  // namespace patchbay::testing
