#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

TEST(RepeatTest, EqualsCatenateOfCopies) {
  const Clip in = Noise({1000, 2, 100});
  for (const double gap : {0.0, 0.025, -0.02, -1.0}) {
    for (const char* curve : {"linear", "constant_power"}) {
      const Values options = {{"gap_seconds", gap}, {"curve", std::string(curve)}};
      Values repeat = options;
      repeat["count"] = 5.0;
      const std::vector<Clip> out = RunClipsOrDie("repeat", repeat, {in});
      const std::vector<Clip> expected =
          RunClipsOrDie("catenate", options, std::vector<Clip>(5, in));
      for (int c = 0; c < 2; ++c) {
        EXPECT_TRUE(std::ranges::equal(out[0].channel(c), expected[0].channel(c))) << gap << curve;
      }
    }
  }
}

TEST(RepeatTest, TakesAnEmptyClipAndRefusesTooMuch) {
  EXPECT_EQ(RunClipsOrDie("repeat", {}, {Clip(48000, 2, 0)})[0].num_frames(), 0);
  EXPECT_EQ(RunClips("repeat", {{"count", 100000.0}}, {Clip(48000, 1, 48000)}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace patchbay::testing
