#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

// Attack, decay and release of 1000, 2000 and 4000 frames.
const Values kTimes = {{"attack_seconds", 1000.0 / 48000},
                       {"decay_seconds", 2000.0 / 48000},
                       {"sustain", 0.5},
                       {"release_seconds", 4000.0 / 48000}};

Values With(Values values, const Values& more) {
  for (const auto& [name, value] : more) values[name] = value;
  return values;
}

std::vector<float> Rendered(const Values& values, const RunOptions& options) {
  return RunOrDie("adsr", values, {}, options).control_outs[0];
}

// On within each [on, off).
std::vector<float> Gate(int num_frames, const std::vector<std::pair<int, int>>& times) {
  std::vector<float> gate(num_frames);
  for (const auto& [on, off] : times) std::fill(gate.begin() + on, gate.begin() + off, 1.0f);
  return gate;
}

TEST(AdsrTest, StagesTakeTheirTimesExactly) {
  const std::vector<float> out =
      Rendered(With(kTimes, {{"gate_seconds", 5000.0 / 48000}}), {.num_frames = 10000});
  for (int i = 0; i < 10000; ++i) {
    double expected = i / 1000.0;
    if (i >= 1000) expected = 1 - 0.5 * (i - 1000) / 2000.0;
    if (i >= 3000) expected = 0.5;
    if (i >= 5000) expected = 0.5 * (1 - (i - 5000) / 4000.0);
    if (i >= 9000) expected = 0;
    ASSERT_NEAR(out[i], expected, 1e-6) << "frame " << i;
  }
  EXPECT_EQ(out[1000], 1.0f);
  EXPECT_EQ(out[3000], 0.5f);
  EXPECT_EQ(out[9000], 0.0f);
}

TEST(AdsrTest, ExponentialStagesFallTowardsMinus60Decibels) {
  const std::vector<float> out = Rendered(
      With(kTimes, {{"gate_seconds", 5000.0 / 48000}, {"curve", std::string("exponential")}}),
      {.num_frames = 10000});
  for (int i = 0; i < 1000; ++i) {
    ASSERT_NEAR(out[i], 1.3 * (1 - std::pow(0.3 / 1.3, i / 1000.0)), 1e-5) << "frame " << i;
  }
  for (int i = 0; i < 4000; ++i) {
    ASSERT_NEAR(out[5000 + i], 0.5 * (1.001 * std::pow(0.001 / 1.001, i / 4000.0) - 0.001), 1e-5)
        << "frame " << i;
  }
  EXPECT_EQ(out[1000], 1.0f);
  EXPECT_EQ(out[3000], 0.5f);
  EXPECT_EQ(out[9000], 0.0f);
}

TEST(AdsrTest, RetriggersFromWhereItIs) {
  const std::vector<float> gate = Gate(12000, {{100, 4100}, {6100, 12000}});
  const std::vector<float> out =
      Rendered(kTimes, {.automation = {{"gate", gate}}, .num_frames = 12000});
  EXPECT_EQ(out[100], 0.0f);
  EXPECT_EQ(out[1100], 1.0f);
  EXPECT_NEAR(out[6100], 0.25, 1e-6);  // half of the release is over
  EXPECT_NEAR(out[6600], 0.625, 1e-3);
  EXPECT_EQ(out[7100], 1.0f);
  for (int i = 1; i < 12000; ++i) ASSERT_LT(std::abs(out[i] - out[i - 1]), 1.1e-3);
}

TEST(AdsrTest, ReleasesInTheMiddleOfTheAttack) {
  const std::vector<float> gate = Gate(6000, {{0, 500}});
  const std::vector<float> out =
      Rendered(kTimes, {.automation = {{"gate", gate}}, .num_frames = 6000});
  EXPECT_NEAR(out[500], 0.5, 2e-3);
  EXPECT_NEAR(out[2500], 0.25, 2e-3);
  EXPECT_EQ(out[4500], 0.0f);
}

TEST(AdsrTest, TimesOfZeroAreSteps) {
  const std::vector<float> out = Rendered({{"attack_seconds", 0.0},
                                           {"decay_seconds", 0.0},
                                           {"sustain", 0.25},
                                           {"release_seconds", 0.0},
                                           {"gate_seconds", 0.001}},
                                          {.num_frames = 100});
  for (int i = 0; i < 100; ++i) ASSERT_EQ(out[i], i < 48 ? 0.25f : 0.0f);
}

TEST(AdsrTest, SustainFollowsItsControl) {
  std::vector<float> sustain(8000);
  for (int i = 0; i < 8000; ++i) sustain[i] = i / 8000.0f;
  const std::vector<float> out =
      Rendered(kTimes, {.automation = {{"sustain", sustain}}, .num_frames = 8000});
  for (int i = 3000; i < 8000; ++i) ASSERT_EQ(out[i], sustain[i]);
}

TEST(AdsrTest, CallsAndCheckpointsDoNotMatter) {
  const std::vector<float> gate = Gate(12000, {{100, 4100}, {6100, 9000}});
  for (const char* curve : {"linear", "exponential"}) {
    const Values values = With(kTimes, {{"curve", std::string(curve)}});
    const std::vector<float> whole =
        Rendered(values, {.automation = {{"gate", gate}}, .num_frames = 12000});
    for (const int64_t reload : {50, 700, 2222, 4000, 5000}) {
      EXPECT_EQ(whole, Rendered(values, {.chunk_frames = {1, 33, 256},
                                         .automation = {{"gate", gate}},
                                         .num_frames = 12000,
                                         .reload_at_frame = reload}));
    }
  }
}

}  // namespace
}  // namespace patchbay::testing
