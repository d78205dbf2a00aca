#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr double kHalf = 0.70710678;  // of the power

// A stereo frame after the pan.
struct Frame {
  float left, right;
};

Frame Pan(const std::string& law, double position, std::vector<float> in) {
  Clip clip(48000, static_cast<int>(in.size()), 1);
  for (size_t c = 0; c < in.size(); ++c) clip.channel(static_cast<int>(c))[0] = in[c];
  const RunResult result = RunOrDie("pan", {{"law", law}, {"position", position}}, {clip});
  return {result.outs[0].channel(0)[0], result.outs[0].channel(1)[0]};
}

void ExpectFrame(const Frame& frame, double left, double right) {
  EXPECT_NEAR(frame.left, left, 2e-7);
  EXPECT_NEAR(frame.right, right, 2e-7);
}

TEST(PanTest, PlacesMonoByEachLaw) {
  ExpectFrame(Pan("constant_power", 0, {1}), kHalf, kHalf);
  ExpectFrame(Pan("linear", 0, {1}), 0.5, 0.5);
  ExpectFrame(Pan("balance", 0, {1}), 1, 1);
  ExpectFrame(Pan("linear", 0.5, {1}), 0.25, 0.75);
  ExpectFrame(Pan("balance", 0.5, {1}), 0.5, 1);
  for (const char* law : {"constant_power", "linear", "balance"}) {
    const Frame left = Pan(law, -1, {1});
    EXPECT_EQ(left.left, 1);
    EXPECT_EQ(left.right, 0);
    const Frame right = Pan(law, 1, {1});
    EXPECT_EQ(right.left, 0);
    EXPECT_EQ(right.right, 1);
  }
}

TEST(PanTest, LeavesStereoInTheCentreUnchanged) {
  for (const char* law : {"constant_power", "linear", "balance"}) {
    const Frame frame = Pan(law, 0, {0.3f, -0.6f});
    EXPECT_EQ(frame.left, 0.3f);
    EXPECT_EQ(frame.right, -0.6f);
  }
}

TEST(PanTest, FoldsStereoToOneSide) {
  ExpectFrame(Pan("constant_power", -1, {0.25f, 0.5f}), 0.75, 0);
  ExpectFrame(Pan("constant_power", 1, {0.25f, 0.5f}), 0, 0.75);
  ExpectFrame(Pan("constant_power", 0.5, {1, 0}), kHalf, kHalf);
  ExpectFrame(Pan("linear", -0.5, {0, 1}), 0.5, 0.5);
  ExpectFrame(Pan("balance", -1, {0.25f, 0.5f}), 0.25, 0);
}

TEST(PanTest, KeepsThePowerOfMonoWhileItMoves) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 1001}, 1.0f);
  std::vector<float> positions(1001);
  for (int i = 0; i <= 1000; ++i) positions[i] = -1 + 0.002f * i;
  const RunResult result = RunOrDie("pan", {}, {in}, {.automation = {{"position", positions}}});
  for (int i = 0; i <= 1000; ++i) {
    const double left = result.outs[0].channel(0)[i];
    const double right = result.outs[0].channel(1)[i];
    ASSERT_NEAR(left * left + right * right, 1, 1e-6) << positions[i];
    ASSERT_NEAR(std::atan2(right, left) * 4 / M_PI - 1, positions[i], 1e-6);
  }
}

TEST(PanTest, RefusesMoreThanStereo) {
  const auto result = testing::Run("pan", {}, {Noise({.num_channels = 3})});
  EXPECT_EQ(result.status().message(),
            "pan takes mono or stereo, not 3 channels: choose or mix channels before it");
}

}  // namespace
}  // namespace patchbay::testing
