#include <cmath>
#include <functional>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

constexpr int kFrames = 20000;

std::vector<float> Rendered(const std::map<std::string, ParameterValue>& parameters,
                            const RunOptions& options = {.num_frames = kFrames}) {
  return RunOrDie("lfo", parameters, {}, options).control_outs[0];
}

double Fraction(double x) { return x - std::floor(x); }

TEST(LfoTest, WaveformsFollowTheirFormula) {
  const std::map<std::string, std::function<double(double)>> waves = {
      {"sine", [](double x) { return std::sin(2 * M_PI * x); }},
      {"triangle", [](double x) { return 1 - 4 * std::abs(Fraction(x + 0.25) - 0.5); }},
      {"saw", [](double x) { return 2 * Fraction(x) - 1; }},
      {"ramp_down", [](double x) { return 1 - 2 * Fraction(x); }},
      {"square", [](double x) { return Fraction(x) < 0.5 ? 1 : -1; }},
  };
  for (const auto& [name, wave] : waves) {
    SCOPED_TRACE(name);
    const std::vector<float> out = Rendered({{"rate_hz", 7.5}, {"waveform", name}});
    for (int i = 0; i < kFrames; ++i) {
      // Between the frames, so that rounding does not decide where an edge lies.
      ASSERT_NEAR(out[i], wave((i + 1e-6) * 7.5 / 48000), 1e-5) << "frame " << i;
    }
  }
}

TEST(LfoTest, ScalesAndOffsets) {
  const std::vector<float> bipolar =
      Rendered({{"depth", 3.0}, {"offset", 10.0}, {"rate_hz", 100.0}});
  EXPECT_NEAR(bipolar[120], 13, 1e-5);
  EXPECT_NEAR(bipolar[360], 7, 1e-5);
  const std::vector<float> unipolar = Rendered({{"depth", 3.0},
                                                {"offset", 10.0},
                                                {"rate_hz", 100.0},
                                                {"polarity", std::string("unipolar")}});
  EXPECT_NEAR(unipolar[120], 13, 1e-5);
  EXPECT_NEAR(unipolar[360], 10, 1e-5);
}

TEST(LfoTest, AVaryingDepthIsTheSameAsAConstantOneThatStandsStill) {
  const std::vector<float> still(kFrames, 3.3f);
  EXPECT_EQ(Rendered({{"depth", 3.3}, {"offset", 2.0}}),
            Rendered({{"offset", 2.0}}, {.automation = {{"depth", still}}, .num_frames = kFrames}));
}

TEST(LfoTest, FollowsTheTempo) {
  EXPECT_EQ(Rendered({{"tempo_bpm", 120.0}, {"beats", 0.5}, {"rate_hz", 77.0}}),
            Rendered({{"rate_hz", 4.0}}));
}

TEST(LfoTest, TheRateIsIntegrated) {
  std::vector<float> rate(kFrames);
  double cycles = 0;
  for (int i = 0; i < kFrames; ++i) rate[i] = 50 * i / static_cast<float>(kFrames);
  const std::vector<float> out =
      Rendered({}, {.automation = {{"rate_hz", rate}}, .num_frames = kFrames});
  for (int i = 0; i < kFrames; ++i) {
    ASSERT_NEAR(out[i], std::sin(2 * M_PI * cycles), 1e-5) << "frame " << i;
    cycles += rate[i] / 48000;
  }
}

TEST(LfoTest, WidthOfTheSquare) {
  for (const double width : {0.0, 0.25, 1.0}) {
    int high = 0;
    for (const float value :
         Rendered({{"waveform", std::string("square")}, {"rate_hz", 10.0}, {"width", width}},
                  {.num_frames = 4800})) {
      high += value > 0;
    }
    EXPECT_EQ(high, 4800 * width);
  }
}

TEST(LfoTest, PhaseIsAhead) {
  const std::vector<float> ahead = Rendered({{"rate_hz", 100.0}, {"phase", 0.25}});
  EXPECT_NEAR(ahead[0], 1, 1e-6);
  EXPECT_NEAR(ahead[240], -1, 1e-6);
}

TEST(LfoTest, CallsAndCheckpointsDoNotMatter) {
  EXPECT_EQ(
      Rendered({{"rate_hz", 33.3}}),
      Rendered({{"rate_hz", 33.3}},
               {.chunk_frames = {1, 33, 256}, .num_frames = kFrames, .reload_at_frame = 999}));
}

}  // namespace
}  // namespace patchbay::testing
