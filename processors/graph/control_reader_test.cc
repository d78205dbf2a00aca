#include "processors/graph/control_reader.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace patchbay {
namespace {

using ::testing::ElementsAre;

const Taker kMe = {Taker::Kind::kStage, 1};

// A signal at 1000 Hz.
class ControlReaderTest : public ::testing::Test {
 protected:
  ControlReaderTest() { stream_.AddTaker(kMe); }

  ControlReader Reader(int rate) { return {stream_, *stream_.queue(kMe), rate}; }
  void Append(std::vector<float> values) {
    const int count = static_cast<int>(values.size());
    stream_.Append(ConstBlock(values.data(), 1, count, count));
  }
  static std::vector<float> Read(ControlReader& reader, int count) {
    std::vector<float> values(count);
    reader.Read(values);
    return values;
  }

  ClipStream stream_{Lane{.num_channels = 1, .sample_rate_hz = 1000}};
};

TEST_F(ControlReaderTest, SameRateGivesTheValuesAsTheyCome) {
  ControlReader reader = Reader(1000);
  EXPECT_EQ(reader.num_available(), 0);
  Append({1, 5});
  EXPECT_EQ(reader.num_available(), 2);
  EXPECT_THAT(Read(reader, 2), ElementsAre(1, 5));
  EXPECT_EQ(reader.num_available(), 0);
  Append({2});
  EXPECT_EQ(reader.num_available(), 1);
  EXPECT_THAT(Read(reader, 1), ElementsAre(2));
}

TEST_F(ControlReaderTest, HigherRateIsOnStraightLines) {
  ControlReader reader = Reader(4000);
  Append({0, 4});
  EXPECT_EQ(reader.num_available(), 5);
  EXPECT_THAT(Read(reader, 3), ElementsAre(0, 1, 2));
  EXPECT_EQ(reader.num_available(), 2);
  Append({0});
  EXPECT_EQ(reader.num_available(), 6);
  EXPECT_THAT(Read(reader, 6), ElementsAre(3, 4, 3, 2, 1, 0));
}

TEST_F(ControlReaderTest, LowerRateLeavesValuesOut) {
  ControlReader reader = Reader(400);
  Append({0, 1, 4, 9, 16});
  EXPECT_EQ(reader.num_available(), 2);
  EXPECT_THAT(Read(reader, 2), ElementsAre(0, 6.5));  // at 0 and 2.5 ms
  Append({25});
  EXPECT_EQ(reader.num_available(), 1);
  EXPECT_THAT(Read(reader, 1), ElementsAre(25));
}

TEST_F(ControlReaderTest, TheLastValueHolds) {
  ControlReader reader = Reader(2000);
  Append({1, 3});
  stream_.End();
  EXPECT_GT(reader.num_available(), 1'000'000);
  EXPECT_THAT(Read(reader, 5), ElementsAre(1, 2, 3, 3, 3));
  reader.Skip(1000);
  EXPECT_EQ(reader.value(), 3);
}

// As after a processor that hears all of its clip first. It would take hours if each value were
// looked for among all that wait.
TEST_F(ControlReaderTest, ReadsALongSignalThatHasAllCome) {
  constexpr int kPiece = 1000;
  constexpr int kCount = 4'000'000;
  for (int first = 0; first < kCount; first += kPiece) {
    std::vector<float> values(kPiece);
    std::iota(values.begin(), values.end(), static_cast<float>(first));
    Append(std::move(values));
  }
  stream_.End();
  ControlReader reader = Reader(2000);
  for (int first = 0; first < 2 * kCount; first += 2 * kPiece) {
    const std::vector<float> read = Read(reader, 2 * kPiece);
    ASSERT_EQ(read[0], first / 2);
    ASSERT_EQ(read[1], first / 2 + 0.5f);
    ASSERT_EQ(reader.value(), std::min(first / 2 + kPiece, kCount - 1));
  }
}

TEST_F(ControlReaderTest, WhatWasReadIsDropped) {
  ControlReader reader = Reader(1000);
  Append(std::vector<float>(500, 1));
  reader.Skip(400);
  EXPECT_EQ(stream_.queue(kMe)->num_frames(), 100);
}

}  // namespace
}  // namespace patchbay
