#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "processors/resampling/tone.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr int kRate = 16000;

using Values = std::map<std::string, ParameterValue>;

Clip Stretch(const Values& parameters, const Clip& in, const RunOptions& options = {}) {
  const std::vector<Clip> out = RunClipsOrDie("time_stretch", parameters, {in}, options);
  return out.size() == 1 ? out[0] : Clip();
}

// The centre of the energy within `reach` frames of `frame`.
double CentreNear(const Clip& clip, int64_t frame, int reach) {
  double energy = 0;
  double moment = 0;
  for (int64_t i = frame - reach; i < frame + reach; ++i) {
    const double power = clip.channel(0)[i] * clip.channel(0)[i];
    energy += power;
    moment += power * i;
  }
  return moment / energy;
}

class TimeStretchTest : public ::testing::TestWithParam<const char*> {};

TEST_P(TimeStretchTest, ChangesTheLengthAndKeepsTheFrequency) {
  const Clip in = Sine({kRate, 1, 16000}, 440);
  for (const double ratio : {0.5, 1.0, 1.37, 2.0}) {
    const Clip out = Stretch({{"ratio", ratio}, {"engine", std::string(GetParam())}}, in);
    ASSERT_EQ(out.num_frames(), std::llround(16000 * ratio));
    const int64_t edge = out.num_frames() / 5;
    const Tone tone =
        FindTone(out.channel(0).subspan(edge, out.num_frames() - 2 * edge), kRate, 440);
    EXPECT_NEAR(tone.frequency_hz, 440, 1) << ratio;
    EXPECT_NEAR(tone.amplitude, 0.5, 0.02) << ratio;
  }
}

TEST_P(TimeStretchTest, ShiftsThePitchToo) {
  const Clip in = Sine({kRate, 1, 16000}, 440);
  for (const double semitones : {-12.0, 7.0, 24.0}) {
    const Clip out = Stretch(
        {{"ratio", 1.5}, {"pitch_semitones", semitones}, {"engine", std::string(GetParam())}}, in);
    ASSERT_EQ(out.num_frames(), 24000);
    const double expected = 440 * std::exp2(semitones / 12);
    const Tone tone = FindTone(out.channel(0).subspan(6000, 12000), kRate, expected);
    EXPECT_NEAR(tone.frequency_hz, expected, expected * 0.003);
    EXPECT_NEAR(tone.amplitude, 0.5, 0.05) << semitones;
  }
}

TEST_P(TimeStretchTest, SoundsStayAtTheirTimes) {
  Clip in(kRate, 1, 32000);
  for (const int click : {4000, 16000, 28000}) {
    for (int i = -24; i < 24; ++i) in.channel(0)[click + i] = std::sin(0.7f * i) * 0.5f;
  }
  for (const double ratio : {0.7, 1.0, 2.0}) {
    const Clip out = Stretch({{"ratio", ratio}, {"engine", std::string(GetParam())}}, in);
    for (const int click : {4000, 16000, 28000}) {
      EXPECT_NEAR(CentreNear(out, std::llround(click * ratio), 2000), click * ratio, 400) << ratio;
    }
  }
}

TEST_P(TimeStretchTest, ARatioThatMovesIsAMapOfTime) {
  Clip in(kRate, 1, 48000);
  for (const int click : {8000, 24000, 40000}) {
    for (int i = -24; i < 24; ++i) in.channel(0)[click + i] = std::sin(0.7f * i) * 0.5f;
  }
  std::vector<float> ratios(48000, 1);
  std::fill(ratios.begin() + 16000, ratios.begin() + 32000, 2.0f);
  const Clip out =
      Stretch({{"engine", std::string(GetParam())}}, in, {.automation = {{"ratio", ratios}}});
  ASSERT_EQ(out.num_frames(), 16000 + 32000 + 16000);
  EXPECT_NEAR(CentreNear(out, 8000, 2000), 8000, 400);
  EXPECT_NEAR(CentreNear(out, 32000, 2000), 32000, 400);
  EXPECT_NEAR(CentreNear(out, 56000, 2000), 56000, 400);
}

TEST_P(TimeStretchTest, DoesNotDependOnHowItIsCut) {
  const Clip in = Noise({.sample_rate_hz = kRate, .num_frames = 8000});
  std::vector<float> ratios(8000);
  for (int i = 0; i < 8000; ++i) ratios[i] = 1 + 0.8f * std::sin(i * 1e-3f);
  const Values engine = {{"engine", std::string(GetParam())}, {"pitch_semitones", 3.0}};
  const Clip whole = Stretch(engine, in, {.automation = {{"ratio", ratios}}});
  const Clip cut =
      Stretch(engine, in, {.chunk_frames = {1, 31, 100, 7}, .automation = {{"ratio", ratios}}});
  for (int c = 0; c < 2; ++c) EXPECT_TRUE(std::ranges::equal(whole.channel(c), cut.channel(c)));
}

TEST_P(TimeStretchTest, TakesShortClipsAndExtremes) {
  for (const int64_t n : {0, 1, 1000}) {
    for (const double ratio : {0.1, 10.0}) {
      for (const double semitones : {-24.0, 24.0}) {
        const Clip out = Stretch({{"ratio", ratio},
                                  {"pitch_semitones", semitones},
                                  {"engine", std::string(GetParam())},
                                  {"formants", std::string("preserved")}},
                                 Noise({kRate, 1, n}, 1, 1e30f));
        EXPECT_EQ(out.num_frames(), std::llround(n * ratio));
        EXPECT_TRUE(std::ranges::all_of(out.channel(0), [](float x) { return std::isfinite(x); }));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, TimeStretchTest, ::testing::Values("finer", "faster"));

TEST(TimeStretchRateTest, RefusesRatesThatTheLibraryDoesNotTake) {
  EXPECT_EQ(RunClips("time_stretch", {}, {Noise({.sample_rate_hz = 4000})}).status().message(),
            "time_stretch cannot work at 4000 Hz: it takes 8000 to 192000 Hz; resample the input "
            "first");
}

}  // namespace
}  // namespace patchbay::testing
