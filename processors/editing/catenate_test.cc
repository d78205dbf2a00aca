#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr int kRate = 1000;  // a frame a millisecond

Clip Ones(int64_t num_frames, float value = 1, int num_channels = 1) {
  return Constant({kRate, num_channels, num_frames}, value);
}

std::vector<float> Samples(const std::map<std::string, ParameterValue>& parameters,
                           const std::vector<Clip>& clips) {
  const std::vector<Clip> out = RunClipsOrDie("catenate", parameters, clips);
  if (out.size() != 1) return {};
  return {out[0].channel(0).begin(), out[0].channel(0).end()};
}

TEST(CatenateTest, PutsClipsEndToEnd) {
  const std::vector<Clip> in = {Noise({kRate, 2, 100}, 1), Noise({kRate, 2, 57}, 2),
                                Clip(kRate, 2, 0), Noise({kRate, 2, 3}, 3)};
  const std::vector<Clip> out = RunClipsOrDie("catenate", {}, in);
  ASSERT_EQ(out.size(), 1u);
  ASSERT_EQ(out[0].num_frames(), 160);
  int64_t start = 0;
  for (const Clip& clip : in) {
    for (int c = 0; c < 2; ++c) {
      EXPECT_TRUE(
          std::ranges::equal(out[0].channel(c).subspan(start, clip.num_frames()), clip.channel(c)));
    }
    start += clip.num_frames();
  }
}

TEST(CatenateTest, GapsAreSilenceAndCycle) {
  const std::vector<float> expected = {0, 0, 0, 1, 0, 2, 0, 0, 3, 0, 4, 0, 0, 0, 0};
  EXPECT_EQ(Samples({{"gap_seconds", 9.0},
                     {"gaps_seconds", std::vector<double>{0.001, 0.002}},
                     {"before_seconds", 0.003},
                     {"after_seconds", 0.004}},
                    {Ones(1, 1), Ones(1, 2), Ones(1, 3), Ones(1, 4)}),
            expected);
}

TEST(CatenateTest, LinearCrossfadeOfEqualSoundsIsThatSound) {
  const std::vector<float> out =
      Samples({{"gap_seconds", -0.3}}, {Ones(1000), Ones(700), Ones(600)});
  ASSERT_EQ(out.size(), 1000u + 700 + 600 - 2 * 300);
  for (const float x : out) ASSERT_NEAR(x, 1, 1e-6);
}

TEST(CatenateTest, LinearCrossfadeIsALine) {
  const std::vector<float> out = Samples({{"gap_seconds", -0.1}}, {Ones(200, 0), Ones(200, 1)});
  ASSERT_EQ(out.size(), 300u);
  for (int i = 0; i < 300; ++i) {
    ASSERT_NEAR(out[i], std::clamp((i - 100 + 0.5) / 100, 0.0, 1.0), 1e-6) << "frame " << i;
  }
}

TEST(CatenateTest, ConstantPowerCrossfadeKeepsThePower) {
  const std::map<std::string, ParameterValue> parameters = {
      {"gap_seconds", -0.1}, {"curve", std::string("constant_power")}};
  const std::vector<float> out = Samples(parameters, {Ones(200, 0), Ones(200, 1)});
  const std::vector<float> in = Samples(parameters, {Ones(200, 1), Ones(200, 0)});
  for (int i = 0; i < 300; ++i) ASSERT_NEAR(in[i] * in[i] + out[i] * out[i], 1, 1e-6);
}

TEST(CatenateTest, CrossfadeIsLimitedToTheShorterClip) {
  EXPECT_EQ(Samples({{"gap_seconds", -60.0}}, {Ones(100), Ones(30), Ones(50)}).size(),
            100u + 50 - 30);
  EXPECT_EQ(Samples({{"gap_seconds", -60.0}}, {Ones(100), Ones(0), Ones(50)}).size(), 150u);
}

TEST(CatenateTest, SpreadsMono) {
  const std::vector<Clip> out =
      RunClipsOrDie("catenate", {}, {Ones(2, 0.5f), Noise({kRate, 6, 4})});
  ASSERT_EQ(out[0].num_channels(), 6);
  EXPECT_EQ(out[0].channel(5)[1], 0.5f);
}

TEST(CatenateTest, RefusesChannelsThatDoNotGoTogether) {
  const auto out = RunClips("catenate", {}, {Ones(2, 1, 6), Ones(2, 1, 1), Ones(2, 1, 2)});
  EXPECT_EQ(out.status().message(),
            "in[2] has 2 channels, which do not go with the 6 of another clip: clips must be mono "
            "or have equal numbers of channels");
}

TEST(CatenateTest, RefusesAResultThatIsTooLong) {
  const auto out = RunClips(
      "catenate", {{"gap_seconds", 3600.0}},
      {Constant({768000, 1, 1}, 1), Constant({768000, 1, 1}, 1), Constant({768000, 1, 1}, 1)});
  EXPECT_EQ(out.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace patchbay::testing
