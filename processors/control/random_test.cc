#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

constexpr int kFrames = 96000;

std::vector<float> Rendered(const Values& values,
                            const RunOptions& options = {.num_frames = kFrames}) {
  return RunOrDie("random", values, {}, options).control_outs[0];
}

TEST(RandomTest, HoldsIndependentUniformValues) {
  // 48 frames a value.
  const std::vector<float> out =
      Rendered({{"rate_hz", 1000.0}, {"minimum", 10.0}, {"maximum", 30.0}});
  double sum = 0, squares = 0, products = 0;
  for (int step = 0; step < 2000; ++step) {
    for (int i = 1; i < 48; ++i) ASSERT_EQ(out[48 * step + i], out[48 * step]);
    const double centered = out[48 * step] - 20;
    ASSERT_LE(std::abs(centered), 10);
    sum += centered;
    squares += centered * centered;
    if (step > 0) products += centered * (out[48 * step - 1] - 20);
  }
  EXPECT_NEAR(sum / 2000, 0, 0.5);
  EXPECT_NEAR(squares / 2000, 100.0 / 3, 1.5);
  EXPECT_NEAR(products / 2000, 0, 2.5);
}

TEST(RandomTest, SmoothPassesThroughTheValuesOfHold) {
  const std::vector<float> held = Rendered({{"rate_hz", 100.0}});
  const std::vector<float> smooth = Rendered({{"rate_hz", 100.0}, {"mode", std::string("smooth")}});
  for (int i = 0; i < kFrames; i += 480) ASSERT_EQ(smooth[i], held[i]);
  for (int i = 1; i < kFrames; ++i) ASSERT_LE(std::abs(smooth[i] - smooth[i - 1]), 1.51 / 480);
}

TEST(RandomTest, AWalkTakesSmallSteps) {
  const std::vector<float> out =
      Rendered({{"rate_hz", 1000.0}, {"mode", std::string("walk")}, {"step", 0.2}});
  for (int i = 1; i < kFrames; ++i) ASSERT_LE(std::abs(out[i] - out[i - 1]), 0.2001 / 48);
  EXPECT_LT(*std::ranges::min_element(out), 0.1f);
  EXPECT_GT(*std::ranges::max_element(out), 0.9f);
  EXPECT_GE(*std::ranges::min_element(out), 0.0f);
  EXPECT_LE(*std::ranges::max_element(out), 1.0f);
}

TEST(RandomTest, SeedsDiffer) {
  std::set<float> firsts;
  for (int seed = 0; seed < 100; ++seed) {
    firsts.insert(Rendered({{"seed", static_cast<double>(seed)}}, {.num_frames = 1})[0]);
  }
  EXPECT_EQ(firsts.size(), 100u);
}

TEST(RandomTest, FollowsTheTempo) {
  EXPECT_EQ(Rendered({{"tempo_bpm", 120.0}, {"beats", 0.25}}), Rendered({{"rate_hz", 8.0}}));
}

TEST(RandomTest, CallsAndCheckpointsDoNotMatter) {
  for (const char* mode : {"hold", "smooth", "walk"}) {
    const Values values = {{"rate_hz", 333.3}, {"mode", std::string(mode)}, {"seed", 3.0}};
    EXPECT_EQ(Rendered(values), Rendered(values, {.chunk_frames = {1, 33, 256},
                                                  .num_frames = kFrames,
                                                  .reload_at_frame = 999}));
  }
}

TEST(RandomTest, ManyValuesAFrame) {
  for (const char* mode : {"hold", "smooth", "walk"}) {
    for (const float value : Rendered({{"rate_hz", 1000.0}, {"mode", std::string(mode)}},
                                      {.num_frames = 100, .sample_rate_hz = 1})) {
      ASSERT_TRUE(value >= 0 && value <= 1);
    }
  }
}

}  // namespace
}  // namespace patchbay::testing
