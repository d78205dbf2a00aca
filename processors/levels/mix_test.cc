#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(MixTest, AddsUpItsInputs) {
  const std::vector<Clip> ins = {Noise({}, 1), Noise({}, 2), Noise({}, 3)};
  const RunResult result = RunOrDie("mix", {}, ins);
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < 4800; ++i) {
      const float sum = ins[0].channel(c)[i] + ins[1].channel(c)[i] + ins[2].channel(c)[i];
      ASSERT_EQ(result.outs[0].channel(c)[i], sum);
    }
  }
}

TEST(MixTest, WeighsItsInputs) {
  const std::vector<Clip> ins = {Constant({}, 1.0f), Constant({}, 0.25f)};
  const RunResult result = RunOrDie("mix", {{"weights", std::vector<double>{0.5, -1}}}, ins);
  EXPECT_EQ(result.outs[0].channel(1)[100], 0.25f);
}

TEST(MixTest, SpreadsMonoOverAllChannels) {
  const Clip mono = Constant({.num_channels = 1}, 0.5f);
  const Clip surround = Noise({.num_channels = 6});
  const RunResult result = RunOrDie("mix", {}, {mono, surround});
  ASSERT_EQ(result.outs[0].num_channels(), 6);
  for (int c = 0; c < 6; ++c) {
    EXPECT_EQ(result.outs[0].channel(c)[100], 0.5f + surround.channel(c)[100]);
  }
}

TEST(MixTest, RefusesChannelsThatDoNotGoTogether) {
  const auto result =
      testing::Run("mix", {}, {Noise({.num_channels = 6}), Noise({.num_channels = 2})});
  EXPECT_EQ(result.status().message(),
            "mix.in[1] has 2 channels, which do not go with the 6 of another input: inputs must be "
            "mono or have equal numbers of channels");
}

TEST(MixTest, RefusesAWrongNumberOfWeights) {
  const auto result = testing::Run("mix", {{"weights", std::vector<double>{1, 1}}}, {Noise({})});
  EXPECT_EQ(result.status().message(),
            "mix.weights = [1, 1] has 2 numbers for 1 inputs: give one for each, or none at all");
}

}  // namespace
}  // namespace patchbay::testing
