#include "processors/core/nearest_name.h"

#include "gtest/gtest.h"

namespace patchbay {
namespace {

const std::vector<std::string> kKnown = {"compressor", "cutoff_hz", "delay", "gain", "reverb"};

TEST(NearestNameTest, FindsTypingErrorsAndParts) {
  EXPECT_EQ(NearestName("gian", kKnown), "gain");
  EXPECT_EQ(NearestName("cutof", kKnown), "cutoff_hz");
  EXPECT_EQ(NearestName("compresor", kKnown), "compressor");
  EXPECT_EQ(DidYouMean("rverb", kKnown), "; did you mean 'reverb'?");
  EXPECT_EQ(NearestName("mxi", {"delay_seconds", "mix", "in"}), "mix");
  EXPECT_EQ(NearestName("gian", {"gain_db", "in"}), "gain_db");
  EXPECT_EQ(NearestName("dleay", {"delay_seconds", "decay"}), "delay_seconds");
}

TEST(NearestNameTest, SaysNothingRatherThanNonsense) {
  EXPECT_EQ(NearestName("xyzzy", kKnown), "");
  EXPECT_EQ(NearestName("", kKnown), "");
  EXPECT_EQ(DidYouMean("xyzzy", {}), "");
  EXPECT_EQ(NearestName(std::string(1 << 20, 'x'), kKnown), "");
}

}  // namespace
}  // namespace patchbay
