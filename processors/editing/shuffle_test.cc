#include <algorithm>
#include <set>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Values = std::map<std::string, ParameterValue>;

std::vector<float> Shuffled(double seed) {
  Clip in(1000, 1, 1000);
  for (int i = 0; i < 1000; ++i) in.channel(0)[i] = static_cast<float>(i);
  const Clip out = RunClipsOrDie(
      "shuffle", {{"seed", seed}, {"grain_seconds", 0.01}, {"overlap", 0.0}}, {in})[0];
  return {out.channel(0).begin(), out.channel(0).end()};
}

TEST(ShuffleTest, EveryGrainIsThereOnce) {
  const std::vector<float> out = Shuffled(1);
  ASSERT_EQ(out.size(), 1000u);
  std::set<float> starts;
  for (int grain = 0; grain < 100; ++grain) {
    for (int i = 1; i < 10; ++i) ASSERT_EQ(out[grain * 10 + i], out[grain * 10] + i);
    starts.insert(out[grain * 10]);
  }
  EXPECT_EQ(starts.size(), 100u);
  EXPECT_FALSE(std::ranges::is_sorted(out));
}

TEST(ShuffleTest, TheSeedDecides) {
  EXPECT_EQ(Shuffled(5), Shuffled(5));
  EXPECT_NE(Shuffled(5), Shuffled(6));
}

TEST(ShuffleTest, ClipsWhole) {
  std::vector<Clip> in;
  for (int i = 0; i < 20; ++i) in.push_back(Clip(1000, 1 + i % 2, i));
  std::vector<int64_t> lengths;
  for (const Clip& clip : RunClipsOrDie("shuffle", {{"grain_seconds", 0.0}}, in)) {
    EXPECT_EQ(clip.num_channels(), 1 + clip.num_frames() % 2);
    lengths.push_back(clip.num_frames());
  }
  EXPECT_FALSE(std::ranges::is_sorted(lengths));
  std::ranges::sort(lengths);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(lengths[i], i);
}

TEST(ShuffleTest, TakesAnEmptyClip) {
  EXPECT_EQ(RunClipsOrDie("shuffle", {}, {Clip(48000, 2, 0)})[0].num_frames(), 0);
}

}  // namespace
}  // namespace patchbay::testing
