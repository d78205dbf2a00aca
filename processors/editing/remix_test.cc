#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

// What comes out for one frame.
std::vector<float> Remix(const Values& parameters, const std::vector<float>& frame) {
  Clip in(48000, static_cast<int>(frame.size()), 1);
  for (size_t c = 0; c < frame.size(); ++c) in.channel(static_cast<int>(c))[0] = frame[c];
  const RunResult result = RunOrDie("remix", parameters, {in});
  std::vector<float> out;
  for (int c = 0; c < result.outs[0].num_channels(); ++c) {
    out.push_back(result.outs[0].channel(c)[0]);
  }
  return out;
}

using Frame = std::vector<float>;

TEST(RemixTest, ToMonoIsTheAverage) {
  EXPECT_EQ(Remix({{"channels", 1.0}}, {1, 2}), Frame{1.5f});
  EXPECT_EQ(Remix({{"channels", 1.0}}, {1, 2, 3, 6}), Frame{3});
}

TEST(RemixTest, MonoGoesToEveryChannel) {
  EXPECT_EQ(Remix({{"channels", 5.0}}, {0.3f}), Frame(5, 0.3f));
}

TEST(RemixTest, EqualCountsStay) {
  EXPECT_EQ(Remix({}, {1, 2}), (Frame{1, 2}));
  EXPECT_EQ(Remix({{"channels", 6.0}}, {1, 2, 3, 4, 5, 6}), (Frame{1, 2, 3, 4, 5, 6}));
}

TEST(RemixTest, SurroundToStereoAsInBs775) {
  const float h = std::sqrt(0.5f);
  const auto expect = [](const Frame& out, float left, float right) {
    EXPECT_NEAR(out[0], left, 1e-5);
    EXPECT_NEAR(out[1], right, 1e-5);
  };
  expect(Remix({}, {1, 2, 3, 100, 5, 6}), 1 + h * (3 + 5), 2 + h * (3 + 6));
  expect(Remix({}, {1, 2, 3, 100, 5, 6, 7, 8}), 1 + h * (3 + 5 + 7), 2 + h * (3 + 6 + 8));
  expect(Remix({}, {1, 2, 3, 5, 6}), 1 + h * (3 + 5), 2 + h * (3 + 6));
  expect(Remix({}, {1, 2, 5, 6}), 1 + h * 5, 2 + h * 6);
}

TEST(RemixTest, OtherCountsFoldOrStaySilent) {
  EXPECT_EQ(Remix({}, {1, 2, 3}), (Frame{2, 2}));
  EXPECT_EQ(Remix({{"channels", 4.0}}, {1, 2}), (Frame{1, 2, 0, 0}));
}

TEST(RemixTest, Presets) {
  EXPECT_EQ(Remix({{"preset", std::string("swap")}}, {1, 2}), (Frame{2, 1}));
  EXPECT_EQ(Remix({{"preset", std::string("mid_side")}}, {1, 2}), (Frame{1.5f, -0.5f}));
  EXPECT_EQ(Remix({{"preset", std::string("left_right")}}, {1.5f, -0.5f}), (Frame{1, 2}));
}

TEST(RemixTest, Matrix) {
  const Values parameters = {{"channels", 3.0},
                             {"matrix", std::vector<double>{1, 2, 0.5, 0, -1, -1}}};
  EXPECT_EQ(Remix(parameters, {10, 1}), (Frame{12, 5, -11}));
}

TEST(RemixTest, SaysWhatDoesNotFit) {
  EXPECT_EQ(
      testing::Run("remix", {{"matrix", std::vector<double>{1, 2, 3}}}, {Noise({})})
          .status()
          .message(),
      "remix.matrix = [1, 2, 3] has 3 gains: give 4 for 2 channels in and channels = 2, or none");
  EXPECT_EQ(
      testing::Run("remix", {{"preset", std::string("mid_side")}}, {Noise({.num_channels = 3})})
          .status()
          .message(),
      "remix.preset = 'mid_side' cannot make 2 channels of 3: it takes 2 of 2");
}

}  // namespace
}  // namespace patchbay::testing
