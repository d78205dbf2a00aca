#include <string>
#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_random.h"
#include "processors/graph/text_test_registry.h"

namespace patchbay::testing {
namespace {

v1::Expression ParseOrDie(const std::string& text) {
  const auto parsed = ParseText(text, TextTestRegistry(), RandomDescriptions::InputNames());
  EXPECT_TRUE(parsed.ok()) << text << "\n" << parsed.status();
  return parsed.ok() ? *parsed : v1::Expression();
}

std::string Reprinted(const std::string& text) {
  return PrintText(ParseOrDie(text), TextTestRegistry());
}

TEST(TextPrinterTest, WhatIsPrintedParsesBack) {
  RandomDescriptions descriptions(1);
  for (int i = 0; i < 5'000; ++i) {
    const v1::Expression expression = descriptions.Next();
    const std::string text = PrintText(expression, TextTestRegistry());
    const v1::Expression parsed = ParseOrDie(text);
    ASSERT_TRUE(google::protobuf::util::MessageDifferencer::Equals(parsed, expression))
        << text << "\n"
        << expression.DebugString() << parsed.DebugString();
    ASSERT_EQ(PrintText(parsed, TextTestRegistry()), text);  // -0 is equal to 0, but not the same
  }
}

TEST(TextPrinterTest, ParenthesesAreOnlyWhereTheyAreNeeded) {
  for (const char* text :
       {"in[0] + in[1] * in[2]", "(in[0] + in[1]) * in[2]", "in[0] - in[1] - in[2]",
        "in[0] - (in[1] - in[2])", "in[0] / in[1] / in[2]", "in[0] / (in[1] * in[2])",
        "0.5 * in[0] | invert()", "(in[0] | invert()) + -2", "2 / in[0]", "(2) / 3", "2 / -3",
        "[in[0] | invert(), in[1]] | mix()", "(in[0] + in[1])[2]", "(in)[2]", "in[][2]",
        "follower().peak", "((in[0] + in[1]))", "(duck = gain()).'a/b'"}) {
    EXPECT_EQ(Reprinted(text), text);
  }
}

TEST(TextPrinterTest, GraphsHaveALineForEachDefinitionAndOutput) {
  EXPECT_EQ(Reprinted("b='my a'|gain(b*2);'my a'=in[1];'in'=guitar;b;'side chain'"),
            "b = 'my a' | gain(in=b * 2)\n"
            "'my a' = in[1]\n"
            "'in' = guitar\n"
            "b\n"
            "'side chain'");
}

TEST(TextPrinterTest, BalanceComesLast) {
  EXPECT_EQ(Reprinted("gain(balance=50%, gain_db=-3, in=in[1])"),
            "gain(gain_db=-3, in=in[1], balance=0.5)");
  EXPECT_EQ(Reprinted("sweep(in=in, balance=90deg, tempo=120)"),
            "sweep(tempo_bpm=120, balance=0.25, in=in)");
}

TEST(TextPrinterTest, NumbersAreTheShortestThatAreTheSame) {
  for (const auto& [number, text] :
       {std::pair(0.1, "0.1"), std::pair(-18.0, "-18"), std::pair(-0.0, "-0"),
        std::pair(1e-7, "1e-07"), std::pair(2.0 / 3, "0.6666666666666666")}) {
    v1::Expression expression;
    expression.mutable_call()->set_processor("gain");
    (*expression.mutable_call()->mutable_arguments())["gain_db"].set_number(number);
    EXPECT_EQ(PrintText(expression, TextTestRegistry()), std::string("gain(gain_db=") + text + ")");
  }
}

TEST(TextPrinterTest, UnknownNamesArePrintedAsTheyAre) {
  v1::Expression expression;
  expression.mutable_call()->set_processor("py/scale");
  (*expression.mutable_call()->mutable_arguments())["b"].set_choice("soft");
  (*expression.mutable_call()->mutable_arguments())["a"].set_number(2);
  EXPECT_EQ(PrintText(expression, TextTestRegistry()), "py/scale(a=2, b='soft')");
}

TEST(TextPrinterTest, WhatIsNotSetDoesNotParse) {
  v1::Expression expression;
  EXPECT_EQ(PrintText(expression, TextTestRegistry()), "?");
  expression.mutable_chain();
  EXPECT_EQ(PrintText(expression, TextTestRegistry()), "()");
  (*expression.mutable_call()->mutable_arguments())["gain_db"];
  expression.mutable_call()->set_processor("gain");
  EXPECT_EQ(PrintText(expression, TextTestRegistry()), "gain(gain_db=?)");
  expression.mutable_signal();
  EXPECT_EQ(PrintText(expression, TextTestRegistry()), "?");
  expression.mutable_arithmetic();
  EXPECT_EQ(PrintText(expression, TextTestRegistry()), "? ? ?");
  expression.mutable_selection();
  EXPECT_EQ(PrintText(expression, TextTestRegistry()), "?");
}

}  // namespace
}  // namespace patchbay::testing
