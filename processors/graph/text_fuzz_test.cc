#include <random>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_random.h"
#include "processors/graph/text_test_registry.h"

namespace patchbay::testing {
namespace {

absl::StatusOr<v1::Expression> Parse(const std::string& text) {
  return ParseText(text, TextTestRegistry(), RandomDescriptions::InputNames());
}

// Whatever the text: an error with its place, or an Expression that prints and parses back. Whether
// it is one.
bool HoldsTogether(const std::string& text) {
  const auto parsed = Parse(text);
  if (!parsed.ok()) {
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(parsed.status().message(), "column ") ||
                absl::StartsWith(parsed.status().message(), "line "))
        << text << "\n"
        << parsed.status();
    return false;
  }
  const std::string printed = PrintText(*parsed, TextTestRegistry());
  const auto again = Parse(printed);
  EXPECT_TRUE(again.ok()) << text << "\n" << printed << "\n" << again.status();
  if (again.ok()) {
    EXPECT_EQ(PrintText(*again, TextTestRegistry()), printed) << text;
  }
  return true;
}

class TextFuzzTest : public ::testing::Test {
 protected:
  size_t Below(size_t n) { return random_() % n; }

  void Mutate(std::string& text) {
    const std::string kBytes =
        "|()[]{},;:.=@%+-*/#'\"\\ \n\0\xff\xc3"
        "aAes.09";
    if (text.empty()) return;
    const size_t at = Below(text.size());
    switch (Below(4)) {
      case 0:
        text[at] = kBytes[Below(kBytes.size())];
        break;
      case 1:
        text.erase(at, 1 + Below(8));
        break;
      case 2:
        text.insert(at, 1, kBytes[Below(kBytes.size())]);
        break;
      case 3:
        text.insert(at, text.substr(Below(text.size()), Below(20)));
        break;
    }
  }

  std::mt19937 random_{1};
};

TEST_F(TextFuzzTest, MutatedTexts) {
  const std::string kTexts[] = {
      "in[1] | highpass(80Hz, order=4) | (x = compressor(threshold=-18dB, attack=5ms, "
      "sidechain=(in[1] | invert))) | gain(-3dB) # end",
      "oscillator('sine', frequency=C#5, phase=90deg) | mix([1, 2/3, -5e-3]) | gain",
      "convolution(@\"my \\\\ hall\") |\n delay(2min, feedback=50%)",
      "duck = follower(guitar).level\n'b c' = [duck, in[0][1]]; 'b c' | gain(-24dB * duck / 3)",
      "gain({0: -24dB, 1s: 0dB smooth, 4800frames: -1})\n"
      "delay({[0, .5] 100Hz step}, balance=lfo())",
  };
  int num_valid = 0;
  for (int i = 0; i < 15'000; ++i) {
    std::string text = kTexts[Below(std::size(kTexts))];
    for (size_t n = Below(4) + 1; n > 0; --n) Mutate(text);
    if (HoldsTogether(text)) ++num_valid;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(num_valid, 500);
}

TEST_F(TextFuzzTest, MutatedRandomDescriptions) {
  RandomDescriptions descriptions(2);
  int num_valid = 0;
  for (int i = 0; i < 1'500; ++i) {
    std::string text = PrintText(descriptions.Next(), TextTestRegistry());
    for (size_t n = Below(3) + 1; n > 0; --n) Mutate(text);
    if (HoldsTogether(text)) ++num_valid;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(num_valid, 50);
}

TEST_F(TextFuzzTest, RandomWords) {
  const std::string kWords[] = {"a",  "a",   "=", "in", "gain", "lfo",  "(", "(",   ")",
                                ")",  "[",   "]", "{",  "}",    ",",    ";", "\n",  ":",
                                ".",  "|",   "+", "-",  "*",    "/",    "2", "0",   "dB",
                                "A4", "'a'", "%", "@",  "s",    "step", "#", "mix", "guitar"};
  int num_valid = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (size_t n = 1 + Below(12); n > 0; --n) {
      text += kWords[Below(std::size(kWords))] + std::string(Below(2), ' ');
    }
    if (HoldsTogether(text)) ++num_valid;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(num_valid, 500);
}

}  // namespace
}  // namespace patchbay::testing
