#include <algorithm>
#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;

using Values = std::map<std::string, ParameterValue>;

constexpr int kRate = 1000;  // a frame a millisecond

// Silence but for the stretches [begin, end), which are loud in one channel.
Clip Loud(int64_t num_frames, const std::vector<std::pair<int, int>>& stretches) {
  Clip clip(kRate, 2, num_frames);
  for (const auto& [begin, end] : stretches) {
    for (int i = begin; i < end; ++i) clip.channel(1)[i] = static_cast<float>(i);
  }
  return clip;
}

// The first and last sample of every piece.
std::vector<std::pair<int, int>> Ends(const std::vector<Clip>& pieces) {
  std::vector<std::pair<int, int>> ends;
  for (const Clip& piece : pieces) {
    ends.emplace_back(piece.channel(1).front(), piece.channel(1).back());
  }
  return ends;
}

std::vector<int64_t> Lengths(const std::vector<Clip>& pieces) {
  std::vector<int64_t> lengths;
  for (const Clip& piece : pieces) lengths.push_back(piece.num_frames());
  return lengths;
}

void ExpectPartition(const std::vector<Clip>& pieces, const Clip& clip) {
  int64_t first = 0;
  for (const Clip& piece : pieces) {
    ASSERT_LE(first + piece.num_frames(), clip.num_frames());
    for (int c = 0; c < clip.num_channels(); ++c) {
      EXPECT_TRUE(
          std::ranges::equal(piece.channel(c), clip.channel(c).subspan(first, piece.num_frames())));
    }
    first += piece.num_frames();
  }
  EXPECT_EQ(first, clip.num_frames());
}

TEST(ChopTest, CutsAtSilences) {
  const Clip in = Loud(5000, {{100, 700}, {1000, 1500}, {1799, 2000}, {4000, 4001}});
  EXPECT_THAT(Ends(RunClipsOrDie("chop", {}, {in})),
              ElementsAre(std::pair(100, 699), std::pair(1000, 1999), std::pair(4000, 4000)));
  EXPECT_THAT(Ends(RunClipsOrDie("chop", {{"minimum_seconds", 0.002}}, {in})),
              ElementsAre(std::pair(100, 699), std::pair(1000, 1999)));
}

TEST(ChopTest, ThresholdIsTheLevelOfSilence) {
  Clip in = Constant({kRate, 2, 3000}, 0.01f);
  for (int i = 1000; i < 2000; ++i) in.channel(0)[i] = -0.1f;
  EXPECT_THAT(Lengths(RunClipsOrDie("chop", {{"threshold_db", -30.0}}, {in})), ElementsAre(1000));
  EXPECT_THAT(Lengths(RunClipsOrDie("chop", {{"threshold_db", -40.01}}, {in})), ElementsAre(3000));
}

TEST(ChopTest, KeepsSilenceAroundPiecesWithoutTakingAnyTwice) {
  const Clip in = Loud(5000, {{100, 700}, {1001, 1500}, {4000, 4900}});
  EXPECT_THAT(Lengths(RunClipsOrDie("chop", {{"keep_seconds", 0.2}}, {in})),
              ElementsAre(100 + 600 + 150, 150 + 499 + 200, 200 + 900 + 100));
}

TEST(ChopTest, SilenceGivesOneEmptyPiece) {
  EXPECT_THAT(Lengths(RunClipsOrDie("chop", {}, {Loud(5000, {})})), ElementsAre(0));
  for (const char* mode : {"silence", "length", "onsets", "positions"}) {
    const auto pieces = RunClipsOrDie("chop", {{"mode", std::string(mode)}}, {Loud(0, {})});
    EXPECT_THAT(Lengths(pieces), ElementsAre(0)) << mode;
    EXPECT_EQ(pieces[0].num_channels(), 2);
  }
}

TEST(ChopTest, CutsEvenly) {
  const Clip in = Noise({kRate, 2, 1000});
  const Values every = {{"mode", std::string("length")}, {"length_seconds", 0.3}};
  const std::vector<Clip> pieces = RunClipsOrDie("chop", every, {in});
  EXPECT_THAT(Lengths(pieces), ElementsAre(300, 300, 300, 100));
  ExpectPartition(pieces, in);
}

TEST(ChopTest, EvenCutsDoNotDrift) {
  const Clip in = Noise({kRate, 2, 1000});
  const Values third = {{"mode", std::string("length")}, {"length_seconds", 0.0333}};
  const std::vector<Clip> pieces = RunClipsOrDie("chop", third, {in});
  EXPECT_EQ(pieces.size(), 31u);
  EXPECT_EQ(pieces[2].num_frames(), 33);
  EXPECT_EQ(pieces[1].num_frames(), 34);
  ExpectPartition(pieces, in);
}

TEST(ChopTest, AShortRestStaysWithItsNeighbour) {
  const Values every = {
      {"mode", std::string("length")}, {"length_seconds", 0.3}, {"minimum_seconds", 0.2}};
  EXPECT_THAT(Lengths(RunClipsOrDie("chop", every, {Noise({kRate, 2, 1000})})),
              ElementsAre(300, 300, 400));
}

TEST(ChopTest, CutsAtPositions) {
  const Clip in = Noise({kRate, 2, 1000});
  const Values at = {{"mode", std::string("positions")},
                     {"positions_seconds", std::vector<double>{0.5, 0.1, 0, 0.1, 1, 77}}};
  const std::vector<Clip> pieces = RunClipsOrDie("chop", at, {in});
  EXPECT_THAT(Lengths(pieces), ElementsAre(100, 400, 500));
  ExpectPartition(pieces, in);
}

TEST(ChopTest, CutsAtOnsets) {
  Clip in(48000, 1, 48000);
  const Clip bursts = Noise({48000, 1, 48000});
  for (const int onset : {9600, 24000, 38400}) {
    for (int i = 0; i < 7000; ++i) {
      in.channel(0)[onset + i] = bursts.channel(0)[i] * std::exp(-i / 1000.0f);
    }
  }
  const std::vector<Clip> pieces = RunClipsOrDie("chop", {{"mode", std::string("onsets")}}, {in});
  ExpectPartition(pieces, in);
  ASSERT_EQ(pieces.size(), 4u);
  EXPECT_NEAR(pieces[0].num_frames(), 9600, 480);
  EXPECT_NEAR(pieces[1].num_frames(), 14400, 480);
  EXPECT_NEAR(pieces[2].num_frames(), 14400, 480);
}

TEST(ChopTest, RefusesTooManyPieces) {
  const Values every = {{"mode", std::string("length")}, {"length_seconds", 0.0001}};
  EXPECT_EQ(RunClips("chop", every, {Clip(kRate, 1, 70000)}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace patchbay::testing
