#include "processors/editing/grains.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

absl::Status Go(double) { return absl::OkStatus(); }

std::vector<Range> Ranges(const std::vector<Piece>& pieces) {
  std::vector<Range> ranges;
  for (const Piece& piece : pieces) ranges.push_back(piece.range);
  return ranges;
}

TEST(GrainsTest, OverlapAndCoverTheClip) {
  const GrainShape shape(0.01, 0.3, 1000);
  EXPECT_THAT(Ranges(Grains(Clip(1000, 1, 25), shape)),
              ::testing::ElementsAre(Range{0, 10}, Range{7, 10}, Range{14, 10}, Range{21, 4}));
  EXPECT_THAT(Ranges(Grains(Clip(1000, 1, 10), shape)), ::testing::ElementsAre(Range{0, 10}));
  EXPECT_TRUE(Grains(Clip(1000, 1, 0), shape).empty());
}

TEST(GrainsTest, InTheirOrderTheyAreTheClip) {
  const Clip clip = Noise({.num_frames = 5003});
  for (const double seconds : {0.00001, 0.0001, 0.01, 0.05, 1.0}) {
    for (const double overlap : {0.0, 0.2, 0.5}) {
      const GrainShape shape(seconds, overlap, 48000);
      const auto joined = JoinGrains(Grains(clip, shape), shape, FadeCurve::kLinear, 48000, 2, &Go);
      ASSERT_TRUE(joined.ok());
      ASSERT_EQ(joined->num_frames(), clip.num_frames()) << seconds << " " << overlap;
      for (int i = 0; i < 5003; ++i) {
        ASSERT_NEAR(joined->channel(1)[i], clip.channel(1)[i], 1e-6) << seconds << " " << overlap;
      }
    }
  }
}

TEST(GrainsTest, EdgesInsideTheClipAreFaded) {
  const Clip clip = Constant({1000, 1, 100}, 1);
  const GrainShape shape(0.01, 0.5, 1000);
  const std::vector<Piece> grains = Grains(clip, shape);
  const auto joined =
      JoinGrains(std::span(grains).subspan(3, 2), shape, FadeCurve::kLinear, 1000, 1, &Go);
  ASSERT_TRUE(joined.ok());
  EXPECT_NEAR(joined->channel(0)[0], 0.1, 1e-6);
  EXPECT_NEAR(joined->channel(0)[14], 0.1, 1e-6);
  EXPECT_NEAR(joined->channel(0)[7], 1, 1e-6);
}

}  // namespace
}  // namespace patchbay::testing
