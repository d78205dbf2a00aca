#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(InvertTest, NegatesEverySample) {
  const Clip in = Noise({.num_channels = 3, .num_frames = 1000});
  const RunResult result = RunOrDie("invert", {}, {in});
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(result.outs[0].channel(c)[i], -in.channel(c)[i]);
  }
}

}  // namespace
}  // namespace patchbay::testing
