#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;
using List = std::vector<double>;

constexpr int kFrames = 40000;

std::vector<float> Rendered(const Values& values,
                            const RunOptions& options = {.num_frames = kFrames}) {
  return RunOrDie("step_sequence", values, {}, options).control_outs[0];
}

TEST(StepSequenceTest, HoldsEachValueForAStep) {
  const List values = {5, -2, 7};
  const std::vector<float> looped = Rendered({{"values", values}, {"step_seconds", 0.1}});
  const std::vector<float> once =
      Rendered({{"values", values}, {"step_seconds", 0.1}, {"loop", false}});
  for (int i = 0; i < kFrames; ++i) {
    const int step = i / 4800;
    ASSERT_EQ(looped[i], values[step % 3]) << "frame " << i;
    ASSERT_EQ(once[i], values[std::min(step, 2)]) << "frame " << i;
  }
}

TEST(StepSequenceTest, FollowsTheTempo) {
  // 132 beats a minute are 5454.54 frames a quarter of a beat.
  const std::vector<float> out =
      Rendered({{"values", List{0, 1}}, {"tempo_bpm", 132.0}, {"beats", 0.25}});
  for (int i = 0; i < kFrames; ++i) {
    const double step = std::floor((i + 0.5) / (48000 * 60.0 / 132 / 4));
    ASSERT_EQ(out[i], std::fmod(step, 2)) << "frame " << i;
  }
}

TEST(StepSequenceTest, Glides) {
  const std::vector<float> out =
      Rendered({{"values", List{0, 1}}, {"step_seconds", 0.125}, {"glide_seconds", 0.025}});
  for (int i = 0; i < 6000; ++i) {
    ASSERT_EQ(out[i], 0.0f);
    ASSERT_NEAR(out[6000 + i], std::min(i / 1200.0, 1.0), 1e-6) << "frame " << i;
    ASSERT_NEAR(out[12000 + i], 1 - std::min(i / 1200.0, 1.0), 1e-6) << "frame " << i;
  }
}

TEST(StepSequenceTest, AGlideIsAtMostAStepLong) {
  const std::vector<float> out =
      Rendered({{"values", List{0, 1}}, {"step_seconds", 0.125}, {"glide_seconds", 100.0}});
  for (int i = 0; i < 6000; ++i) ASSERT_NEAR(out[6000 + i], i / 6000.0, 1e-6) << "frame " << i;
}

TEST(StepSequenceTest, CallsAndCheckpointsDoNotMatter) {
  const Values values = {{"step_seconds", 0.00333}, {"glide_seconds", 0.001}};
  EXPECT_EQ(Rendered(values), Rendered(values, {.chunk_frames = {1, 33, 256},
                                                .num_frames = kFrames,
                                                .reload_at_frame = 999}));
}

}  // namespace
}  // namespace patchbay::testing
