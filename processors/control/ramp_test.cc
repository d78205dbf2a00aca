#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

std::vector<float> Rendered(const std::map<std::string, ParameterValue>& parameters,
                            const RunOptions& options = {.num_frames = 48000}) {
  return RunOrDie("ramp", parameters, {}, options).control_outs[0];
}

TEST(RampTest, IsALineThatHoldsAtBothEnds) {
  const std::vector<float> out =
      Rendered({{"start", 5.0}, {"end", -3.0}, {"duration_seconds", 0.5}, {"start_seconds", 0.25}});
  for (int i = 0; i < 48000; ++i) {
    const double x = std::clamp((i - 12000) / 24000.0, 0.0, 1.0);
    ASSERT_NEAR(out[i], 5 - 8 * x, 1e-6) << "frame " << i;
  }
  EXPECT_EQ(out[12000], 5.0f);
  EXPECT_EQ(out[36000], -3.0f);
}

TEST(RampTest, SweepsInEqualRatios) {
  const std::vector<float> out = Rendered({{"start", 100.0},
                                           {"end", 6400.0},
                                           {"duration_seconds", 0.6},
                                           {"curve", std::string("exponential")}});
  for (int octave = 0; octave <= 6; ++octave) {
    EXPECT_NEAR(out[octave * 4800], 100 * std::exp2(octave), 1e-3 * std::exp2(octave));
  }
}

TEST(RampTest, WithoutDurationItIsAStep) {
  const std::vector<float> out =
      Rendered({{"duration_seconds", 0.0}, {"start_seconds", 0.001}}, {.num_frames = 100});
  EXPECT_EQ(out[47], 0.0f);
  EXPECT_EQ(out[48], 1.0f);
}

TEST(RampTest, CallsDoNotMatter) {
  const std::map<std::string, ParameterValue> parameters = {{"duration_seconds", 0.1},
                                                            {"curve", std::string("smooth")}};
  EXPECT_EQ(Rendered(parameters, {.num_frames = 9600}),
            Rendered(parameters,
                     {.chunk_frames = {1, 33, 256}, .num_frames = 9600, .reload_at_frame = 999}));
}

}  // namespace
}  // namespace patchbay::testing
