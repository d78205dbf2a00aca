#include "processors/core/stretches.h"

#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace patchbay {
namespace {

using Stretch = std::pair<int64_t, int>;

TEST(StretchesTest, CoverAllFramesOnceInOrder) {
  std::vector<Stretch> walked;
  std::vector<double> told;
  const Progress progress = [&](double done) {
    told.push_back(done);
    return absl::OkStatus();
  };
  const auto walk = [&](int64_t num_frames) {
    walked.clear();
    return InStretches(num_frames, progress, [&](int64_t first, int count) {
      walked.push_back({first, count});
    });
  };
  ASSERT_TRUE(walk(2 * kStretchFrames + 5).ok());
  EXPECT_EQ(walked,
            (std::vector<Stretch>{
                {0, kStretchFrames}, {kStretchFrames, kStretchFrames}, {2 * kStretchFrames, 5}}));
  ASSERT_EQ(told.size(), 3);
  EXPECT_EQ(told[0], 0);
  EXPECT_DOUBLE_EQ(told[1], kStretchFrames / (2 * kStretchFrames + 5.0));
  ASSERT_TRUE(walk(kStretchFrames).ok());
  EXPECT_EQ(walked, (std::vector<Stretch>{{0, kStretchFrames}}));
  ASSERT_TRUE(walk(0).ok());
  EXPECT_TRUE(walked.empty());
}

TEST(StretchesTest, AnErrorOfProgressEndsTheWalk) {
  int walked = 0;
  const Progress progress = [](double done) {
    return done < 0.5 ? absl::OkStatus() : absl::CancelledError("enough");
  };
  const absl::Status status =
      InStretches(4 * kStretchFrames, progress, [&](int64_t, int) { ++walked; });
  EXPECT_EQ(status, absl::CancelledError("enough"));
  EXPECT_EQ(walked, 2);
}

TEST(StretchesTest, StepsShareTheWholeEqually) {
  double told = -1;
  const Progress progress = [&](double done) {
    told = done;
    return absl::OkStatus();
  };
  ASSERT_TRUE(StepOf(progress, 1, 4)(0).ok());
  EXPECT_DOUBLE_EQ(told, 0.25);
  ASSERT_TRUE(StepOf(progress, 1, 4)(0.5).ok());
  EXPECT_DOUBLE_EQ(told, 0.375);
  ASSERT_TRUE(StepOf(progress, 3, 4)(1).ok());
  EXPECT_DOUBLE_EQ(told, 1);
}

}  // namespace
}  // namespace patchbay
