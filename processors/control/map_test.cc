#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

constexpr int kFrames = 1000;

// From -1 to 2.
std::vector<float> Inputs(float scale = 1) {
  std::vector<float> inputs(kFrames);
  for (int i = 0; i < kFrames; ++i) inputs[i] = scale * (-1 + 3 * i / (kFrames - 1.0f));
  return inputs;
}

std::vector<float> Mapped(const Values& values, const std::vector<float>& inputs) {
  return RunOrDie("map", values, {}, {.automation = {{"input", inputs}}, .num_frames = kFrames})
      .control_outs[0];
}

TEST(MapTest, MapsFromRangeToRange) {
  Values values = {
      {"in_minimum", 0.5}, {"in_maximum", -0.5}, {"out_minimum", 10.0}, {"out_maximum", 30.0}};
  const std::vector<float> inputs = Inputs();
  const std::vector<float> clamped = Mapped(values, inputs);
  values["clamp"] = false;
  const std::vector<float> open = Mapped(values, inputs);
  for (int i = 0; i < kFrames; ++i) {
    const double x = 0.5 - inputs[i];
    ASSERT_NEAR(open[i], 10 + 20 * x, 1e-5);
    ASSERT_NEAR(clamped[i], 10 + 20 * std::clamp(x, 0.0, 1.0), 1e-5);
  }
}

TEST(MapTest, Exponential) {
  const std::vector<float> inputs = Inputs();
  const std::vector<float> out = Mapped({{"out_minimum", 100.0},
                                         {"out_maximum", 6400.0},
                                         {"curve", std::string("exponential")},
                                         {"clamp", false}},
                                        inputs);
  for (int i = 0; i < kFrames; ++i) {
    const double expected = 100 * std::pow(64.0, inputs[i]);
    ASSERT_NEAR(out[i], expected, 1e-4 + 2e-6 * expected);
  }
}

TEST(MapTest, LogarithmicIsTheInverseOfExponential) {
  const std::vector<float> inputs = Inputs();
  const Values exponential = {
      {"out_minimum", 100.0}, {"out_maximum", 6400.0}, {"curve", std::string("exponential")}};
  const Values logarithmic = {
      {"in_minimum", 100.0}, {"in_maximum", 6400.0}, {"curve", std::string("logarithmic")}};
  const std::vector<float> back = Mapped(logarithmic, Mapped(exponential, inputs));
  for (int i = 0; i < kFrames; ++i) {
    ASSERT_NEAR(back[i], std::clamp(inputs[i], 0.0f, 1.0f), 5e-6);
  }
}

TEST(MapTest, ChangesUnits) {
  struct Case {
    const char* there;
    const char* back;
    double scale;
    std::function<double(double)> expected;
  };
  const Case cases[] = {
      {"db_to_ratio", "ratio_to_db", 30, [](double x) { return std::pow(10, x / 20); }},
      {"semitones_to_ratio", "ratio_to_semitones", 24, [](double x) { return std::exp2(x / 12); }},
      {"note_to_hz", "hz_to_note", 60, [](double x) { return 440 * std::exp2((x - 69) / 12); }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.there);
    const std::vector<float> inputs = Inputs(static_cast<float>(c.scale));
    const std::vector<float> there = Mapped({{"curve", std::string(c.there)}}, inputs);
    const std::vector<float> back = Mapped({{"curve", std::string(c.back)}}, there);
    for (int i = 0; i < kFrames; ++i) {
      const double expected = c.expected(inputs[i]);
      ASSERT_NEAR(there[i], expected, 2e-6 * expected);
      ASSERT_NEAR(back[i], inputs[i], 1e-4);
    }
  }
}

TEST(MapTest, ARangeWithoutWidthIsAThreshold) {
  const std::vector<float> inputs = Inputs();
  const std::vector<float> out = Mapped({{"in_minimum", 0.25}, {"in_maximum", 0.25}}, inputs);
  for (int i = 0; i < kFrames; ++i) ASSERT_EQ(out[i], inputs[i] > 0.25f ? 1.0f : 0.0f);
}

TEST(MapTest, AConstantIsTheSameAsAControlThatStandsStill) {
  for (const char* curve : {"linear", "exponential", "logarithmic", "smooth", "db_to_ratio",
                            "ratio_to_db", "note_to_hz"}) {
    const Values values = {{"input", 0.3}, {"curve", std::string(curve)}, {"out_minimum", 0.1}};
    const RunResult constant = RunOrDie("map", values, {}, {.num_frames = kFrames});
    EXPECT_EQ(constant.control_outs[0], Mapped(values, std::vector<float>(kFrames, 0.3f)));
  }
}

TEST(MapTest, StaysFinite) {
  for (const char* curve :
       {"linear", "exponential", "logarithmic", "smooth", "db_to_ratio", "ratio_to_db",
        "semitones_to_ratio", "ratio_to_semitones", "note_to_hz", "hz_to_note"}) {
    for (const double width : {-2e6, 0.0, 1e-6}) {
      const Values values = {
          {"in_minimum", 1e6},           {"in_maximum", 1e6 + std::min(width, 0.0)},
          {"out_minimum", -1e6},         {"out_maximum", 1e6},
          {"curve", std::string(curve)}, {"clamp", false}};
      for (const float value : Mapped(values, Inputs(5e5f))) ASSERT_TRUE(std::isfinite(value));
    }
  }
}

}  // namespace
}  // namespace patchbay::testing
