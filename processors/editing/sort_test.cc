#include <algorithm>
#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

// Lengths tell the clips apart.
std::vector<int64_t> SortedLengths(const std::string& by, const std::vector<Clip>& clips,
                                   bool descending = false) {
  const Values parameters = {{"by", by}, {"grain_seconds", 0.0}, {"descending", descending}};
  std::vector<int64_t> lengths;
  for (const Clip& clip : RunClipsOrDie("sort", parameters, clips)) {
    lengths.push_back(clip.num_frames());
  }
  return lengths;
}

using ::testing::ElementsAre;

TEST(SortTest, ClipsByEachFeature) {
  // Long and soft but for a click, short and loud, dark, bright.
  Clip soft = Sine({.num_frames = 9000}, 1000, 0.01);
  soft.channel(1)[4500] = 0.9f;
  const std::vector<Clip> clips = {soft, Sine({.num_frames = 5000}, 2000, 0.8),
                                   Sine({.num_frames = 6000}, 100, 0.2),
                                   Sine({.num_frames = 7000}, 12000, 0.3), Clip(48000, 2, 0)};
  EXPECT_THAT(SortedLengths("energy", clips), ElementsAre(0, 9000, 6000, 7000, 5000));
  EXPECT_THAT(SortedLengths("peak", clips), ElementsAre(0, 6000, 7000, 5000, 9000));
  EXPECT_THAT(SortedLengths("zero_crossings", clips), ElementsAre(0, 6000, 9000, 5000, 7000));
  EXPECT_THAT(SortedLengths("length", clips, true), ElementsAre(9000, 7000, 6000, 5000, 0));
}

TEST(SortTest, CentroidOfASineIsItsFrequency) {
  const std::vector<Clip> clips = {
      Sine({.num_frames = 5000}, 8000), Sine({.num_frames = 300}, 5000),
      Sine({.num_frames = 7000}, 2000), Sine({.num_frames = 6000}, 2500)};
  EXPECT_THAT(SortedLengths("centroid", clips), ElementsAre(7000, 6000, 300, 5000));
}

TEST(SortTest, EqualOnesKeepTheirOrder) {
  EXPECT_THAT(SortedLengths("energy", {Clip(48000, 1, 3), Clip(48000, 1, 1), Clip(48000, 1, 2)}),
              ElementsAre(3, 1, 2));
}

TEST(SortTest, GrainsOfAClip) {
  Clip in(1000, 2, 100);
  for (int i = 0; i < 100; ++i) {
    for (int c = 0; c < 2; ++c) in.channel(c)[i] = static_cast<float>((i / 10 * 7) % 10);
  }
  const Values parameters = {{"grain_seconds", 0.01}, {"overlap", 0.0}};
  const std::vector<Clip> out = RunClipsOrDie("sort", parameters, {in, in});
  ASSERT_EQ(out.size(), 2u);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(out[1].channel(1)[i], i / 10) << i;
}

TEST(SortTest, KeepsTheLengthWithOverlap) {
  const Clip in = Noise({.num_frames = 48000});
  const Clip out = RunClipsOrDie("sort", {{"grain_seconds", 0.05}}, {in})[0];
  EXPECT_NEAR(out.num_frames(), 48000, 2400);
}

}  // namespace
}  // namespace patchbay::testing
