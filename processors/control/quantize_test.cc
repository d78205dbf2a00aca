#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

constexpr int kFrames = 4000;

std::vector<float> Rounded(const Values& values, const std::vector<float>& input) {
  return RunOrDie("quantize", values, {}, {.automation = {{"input", input}}, .num_frames = kFrames})
      .control_outs[0];
}

std::vector<float> Line(float from, float to) {
  std::vector<float> line(kFrames);
  for (int i = 0; i < kFrames; ++i) line[i] = from + (to - from) * i / (kFrames - 1.0f);
  return line;
}

TEST(QuantizeTest, RoundsToMultiplesFromTheOffset) {
  const std::vector<float> input = Line(-5, 5);
  const std::vector<float> out = Rounded({{"step", 0.3}, {"offset", 0.1}}, input);
  for (int i = 0; i < kFrames; ++i) {
    const double steps = (out[i] - 0.1) / 0.3;
    ASSERT_NEAR(steps, std::round(steps), 1e-5);
    ASSERT_LE(std::abs(out[i] - input[i]), 0.15001);
  }
}

TEST(QuantizeTest, StepZeroLeavesTheInput) {
  EXPECT_EQ(Rounded({{"step", 0.0}}, Line(-5, 5)), Line(-5, 5));
}

TEST(QuantizeTest, RoundsToTheNearestOfAList) {
  const std::vector<double> list = {3, -1, 0.5, 10};
  const std::vector<float> input = Line(-20, 20);
  const std::vector<float> out = Rounded({{"values", list}}, input);
  for (int i = 0; i < kFrames; ++i) {
    double nearest = list[0];
    for (const double x : list) {
      if (std::abs(input[i] - x) < std::abs(input[i] - nearest)) nearest = x;
    }
    ASSERT_EQ(out[i], static_cast<float>(nearest)) << input[i];
  }
}

TEST(QuantizeTest, RoundsToTheNotesOfAScale) {
  const std::map<std::string, std::vector<int>> scales = {
      {"semitones", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
      {"major", {0, 2, 4, 5, 7, 9, 11}},
      {"minor", {0, 2, 3, 5, 7, 8, 10}},
      {"pentatonic", {0, 2, 4, 7, 9}},
      {"minor_pentatonic", {0, 3, 5, 7, 10}},
  };
  const std::vector<float> input = Line(30, 2000);
  for (const auto& [name, degrees] : scales) {
    SCOPED_TRACE(name);
    const std::vector<float> out = Rounded({{"scale", name}, {"root_hz", 220.0}}, input);
    for (int i = 0; i < kFrames; ++i) {
      const double u = 12 * std::log2(input[i] / 220.0);
      double best = 1000;
      for (int octave = -4; octave <= 4; ++octave) {
        for (const int degree : degrees) {
          const double note = 12 * octave + degree;
          if (std::abs(u - note) < std::abs(u - best)) best = note;
        }
      }
      ASSERT_NEAR(12 * std::log2(out[i] / 220.0), best, 1e-4) << input[i] << " Hz";
    }
  }
}

TEST(QuantizeTest, HysteresisHoldsBeyondTheBorder) {
  const Values values = {{"hysteresis", 0.5}};
  const std::vector<float> up = Rounded(values, Line(0, 1));
  const std::vector<float> down = Rounded(values, Line(1, 0));
  // Halfway to the border, as 0.75 - 0.25 is half the distance of 1.
  EXPECT_EQ(std::ranges::count(up, 0.0f), 3000);
  EXPECT_EQ(std::ranges::count(down, 1.0f), 3000);
}

TEST(QuantizeTest, CallsAndCheckpointsDoNotMatter) {
  const Clip noise = Noise({.num_channels = 1, .num_frames = kFrames}, 1, 1.0f);
  const std::vector<float> input(noise.channel(0).begin(), noise.channel(0).end());
  for (const double hysteresis : {0.0, 0.4}) {
    const Values values = {{"step", 0.2}, {"hysteresis", hysteresis}};
    const RunResult pieces = RunOrDie("quantize", values, {},
                                      {.chunk_frames = {1, 33, 256},
                                       .automation = {{"input", input}},
                                       .num_frames = kFrames,
                                       .reload_at_frame = 999});
    EXPECT_EQ(pieces.control_outs[0], Rounded(values, input));
  }
}

TEST(QuantizeTest, AConstantIsTheSameAsAControlThatStandsStill) {
  for (const char* scale : {"none", "minor"}) {
    const Values values = {{"scale", std::string(scale)}, {"input", 333.3}, {"hysteresis", 0.2}};
    const RunResult constant = RunOrDie("quantize", values, {}, {.num_frames = kFrames});
    EXPECT_EQ(constant.control_outs[0], Rounded(values, std::vector<float>(kFrames, 333.3f)));
  }
}

}  // namespace
}  // namespace patchbay::testing
