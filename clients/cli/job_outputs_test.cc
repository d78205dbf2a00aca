#include "clients/cli/job_outputs.h"

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(NumberedPathTest, OneOutputKeepsItsPath) {
  EXPECT_EQ(NumberedPath("a/out.wav", 0, 1), "a/out.wav");
}

TEST(NumberedPathTest, SeveralAreNumberedBeforeTheSuffix) {
  EXPECT_EQ(NumberedPath("a/out.wav", 1, 2), "a/out_2.wav");
  EXPECT_EQ(NumberedPath("a.b/out", 0, 2), "a.b/out_1");
  EXPECT_EQ(NumberedPath("out.tar.wav", 0, 12), "out.tar_01.wav");
  EXPECT_EQ(NumberedPath("out.wav", 11, 12), "out_12.wav");
}

TEST(NumberedPathTest, BracesAreThePlaceOfTheNumber) {
  EXPECT_EQ(NumberedPath("take{}.wav", 2, 3), "take3.wav");
  EXPECT_EQ(NumberedPath("{}/out.wav", 0, 1), "1/out.wav");
  EXPECT_EQ(NumberedPath("take{}.wav", 4, 100), "take005.wav");
}

}  // namespace
}  // namespace patchbay::testing
