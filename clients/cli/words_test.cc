#include "clients/cli/words.h"

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(WordsTest, Seconds) {
  EXPECT_EQ(InSeconds(0), "0 s");
  EXPECT_EQ(InSeconds(0.01234), "12.3 ms");
  EXPECT_EQ(InSeconds(0.9999), "1.00 s");
  EXPECT_EQ(InSeconds(59.999), "1 min 0.0 s");
  EXPECT_EQ(InSeconds(125.04), "2 min 5.0 s");
  EXPECT_EQ(InSeconds(3599.98), "1 h 0 min 0 s");
  EXPECT_EQ(InSeconds(86399), "23 h 59 min 59 s");
}

TEST(WordsTest, OtherFigures) {
  EXPECT_EQ(InBytes(1023), "1023 bytes");
  EXPECT_EQ(InBytes(1536), "1.5 KiB");
  EXPECT_EQ(InBytes(int64_t{3} << 30), "3.0 GiB");
  EXPECT_EQ(InDecibels(0.5), "-6.0 dB");
  EXPECT_EQ(InDecibels(0), "silence");
  EXPECT_EQ(InNumbers(1, "channel"), "1 channel");
  EXPECT_EQ(InNumbers(2, "channel"), "2 channels");
  EXPECT_EQ(ShortNumber(0.25), "0.25");
  EXPECT_EQ(ShortNumber(20000), "20000");
}

TEST(WordsTest, Wraps) {
  EXPECT_EQ(Wrapped("a  b\nc", 2), "  a b\n  c\n");
  const std::string word(50, 'x');
  EXPECT_EQ(Wrapped(word + " " + word, 1), " " + word + "\n " + word + "\n");
  EXPECT_EQ(Wrapped(std::string(100, 'x'), 0), std::string(100, 'x') + "\n");
}

}  // namespace
}  // namespace patchbay::testing
