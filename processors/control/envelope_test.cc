#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;
using List = std::vector<double>;

std::vector<float> Rendered(const Values& values, const RunOptions& options) {
  return RunOrDie("envelope", values, {}, options).control_outs[0];
}

TEST(EnvelopeTest, GoesFromLevelToLevel) {
  const std::vector<float> out = Rendered({{"levels", List{0, 1, -0.5}},
                                           {"times_seconds", List{0.1, 0.2}},
                                           {"scale", 2.0},
                                           {"offset", 5.0}},
                                          {.num_frames = 20000});
  for (int i = 0; i < 20000; ++i) {
    const double level = i < 4800 ? i / 4800.0 : i < 14400 ? 1 - 1.5 * (i - 4800) / 9600.0 : -0.5;
    ASSERT_NEAR(out[i], 5 + 2 * level, 2e-6) << "frame " << i;
  }
}

TEST(EnvelopeTest, TheShorterListStartsAgain) {
  const RunOptions options = {.num_frames = 30000};
  EXPECT_EQ(
      Rendered({{"levels", List{0, 1, 0, 1, 0}}, {"times_seconds", List{0.1, 0.05}}}, options),
      Rendered({{"levels", List{0, 1, 0, 1, 0}}, {"times_seconds", List{0.1, 0.05, 0.1, 0.05}}},
               options));
  EXPECT_EQ(
      Rendered({{"levels", List{0, 1}}, {"times_seconds", List{0.1, 0.2, 0.1}}}, options),
      Rendered({{"levels", List{0, 1, 0, 1}}, {"times_seconds", List{0.1, 0.2, 0.1}}}, options));
}

TEST(EnvelopeTest, StepsAtTheNearestFrame) {
  const std::vector<float> out = Rendered({{"levels", List{1, 2, 3}},
                                           {"times_seconds", List{10.6 / 48000, 0, 5.0 / 48000}},
                                           {"curve", std::string("step")}},
                                          {.num_frames = 30});
  EXPECT_EQ(out[10], 1.0f);
  EXPECT_EQ(out[11], 3.0f);  // 2 is left in no time
  EXPECT_EQ(out[15], 3.0f);
  EXPECT_EQ(out[16], 1.0f);
}

TEST(EnvelopeTest, ALoopOfAFractionOfFramesDoesNotDrift) {
  const double period = 1234.56789;
  const Values values = {
      {"levels", List{0, 1}}, {"times_seconds", List{period / 48000}}, {"loop", true}};
  const std::vector<float> out = Rendered(values, {.num_frames = 200000});
  for (int i = 0; i < 200000; ++i) {
    const double expected = i / period - std::floor((i + 0.5) / period);
    ASSERT_NEAR(out[i], std::max(expected, 0.0), 1e-6) << "frame " << i;
  }
}

TEST(EnvelopeTest, OneLevelIsHeld) {
  EXPECT_EQ(Rendered({{"levels", List{0.25}}}, {.num_frames = 300}),
            std::vector<float>(300, 0.25f));
}

TEST(EnvelopeTest, RefusesALoopOfNoLength) {
  EXPECT_FALSE(testing::Run("envelope", {{"times_seconds", List{0}}, {"loop", true}}, {}).ok());
  EXPECT_FALSE(testing::Run("envelope", {{"levels", List{1}}, {"loop", true}}, {}).ok());
}

TEST(EnvelopeTest, CallsDoNotMatter) {
  for (const char* curve : {"linear", "exponential", "smooth", "step"}) {
    const Values values = {{"levels", List{0, 1, 0.3, 0.9, 0}},
                           {"times_seconds", List{10.6 / 48000, 0, 3.0 / 48000, 0.01}},
                           {"curve", std::string(curve)},
                           {"loop", true}};
    EXPECT_EQ(Rendered(values, {.num_frames = 20000}),
              Rendered(values,
                       {.chunk_frames = {1, 3, 97}, .num_frames = 20000, .reload_at_frame = 999}));
  }
}

}  // namespace
}  // namespace patchbay::testing
