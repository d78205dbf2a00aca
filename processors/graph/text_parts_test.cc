#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "processors/core/errors.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_test_registry.h"

namespace patchbay::testing {
namespace {

absl::StatusOr<v1::Expression> Parse(const std::string& message) {
  v1::Expression expression;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(message, &expression)) << message;
  return ParseParts(std::move(expression), TextTestRegistry(), {"guitar"});
}

// What a message with texts in it means, as one text.
std::string Full(const std::string& message) {
  const auto parsed = Parse(message);
  if (parsed.ok()) return PrintText(*parsed, TextTestRegistry());
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << message;
  return std::string(parsed.status().message());
}

std::string Chain(const std::vector<std::string>& steps) {
  std::string message = "chain {";
  for (const std::string& step : steps) message += " steps {" + step + "}";
  return message + "}";
}

constexpr char kInvert[] = "call { processor: 'invert' }";

TEST(TextPartsTest, StepsOfAChain) {
  EXPECT_EQ(Full(Chain({"text: 'gain(-3dB)'", kInvert})), "gain(gain_db=-3) | invert()");
  EXPECT_EQ(Full(Chain({kInvert, "text: 'lowpass(1kHz) | gain'", kInvert})),
            "invert() | lowpass(cutoff_hz=1000) | gain() | invert()");
  EXPECT_EQ(Full(Chain({"text: 'in[0] + guitar'", kInvert})), "in[0] + guitar | invert()");
}

TEST(TextPartsTest, AnyPart) {
  EXPECT_EQ(Full("list { items { text: 'gain' } items { text: 'invert | gain' } }"),
            "[gain(), invert() | gain()]");
  EXPECT_EQ(Full("arithmetic { operator: OPERATOR_MULTIPLY left { signal { constant: 2 } }"
                 " right { text: 'in[0] + in[1]' } }"),
            "2 * (in[0] + in[1])");
  EXPECT_EQ(Full("selection { of { text: 'in | gain' } index: 1 }"), "(in | gain())[1]");
  EXPECT_EQ(Full("call { processor: 'gain' arguments { key: 'gain_db'"
                 " value { expression { text: '6dB * lfo' } } } }"),
            "gain(gain_db=6 * lfo())");
  EXPECT_EQ(Full("text: 'a = gain; a'"), "a = gain()\na");
}

TEST(TextPartsTest, SeveralOutputsAreAList) {
  EXPECT_EQ(Full(Chain({"text: 'gain; invert'", "call { processor: 'mix' }"})),
            "[gain(), invert()] | mix()");
}

TEST(TextPartsTest, DefinitionsBecomeTheWholes) {
  EXPECT_EQ(Full(Chain({kInvert, "text: 'd = lfo(2Hz); gain(6 * d)'"})),
            "d = lfo(rate_hz=2)\ninvert() | gain(gain_db=6 * d)");
}

TEST(TextPartsTest, DefinitionsOfOneNameStayApart) {
  const std::string text = "text: 'd = lfo(1Hz); e = 2 * d; gain(gain_db=e)'";
  EXPECT_EQ(Full("list { items {" + text + "} items {" + text + "} }"),
            Full("text: 'd = lfo(1Hz); e = 2 * d; d_2 = lfo(1Hz); e_2 = 2 * d_2;"
                 "[gain(gain_db=e), gain(gain_db=e_2)]'"));
  EXPECT_EQ(Full("graph { definitions { name: 'd' expression {" + std::string(kInvert) +
                 "} } outputs { text: 'd = gain; d' } outputs { reference { name: 'd' } } }"),
            "d = invert()\nd_2 = gain()\nd_2\nd");
  EXPECT_EQ(Full(Chain({"text: 'guitar = gain; guitar'", kInvert})),
            "in 'guitar = gain; guitar', column 1: 'guitar' is the name of an input");
}

TEST(TextPartsTest, NamesOfTheGraphAroundIt) {
  const std::string definition =
      "definitions { name: 'dry' expression {" + std::string(kInvert) + "} }";
  EXPECT_EQ(Full("graph {" + definition + "outputs { text: 'dry + guitar' } }"),
            "dry = invert()\ndry + guitar");
  EXPECT_EQ(Full("graph {" + definition + "outputs { text: '0.5 * dri' } }"),
            "in '0.5 * dri', column 7: unknown processor, definition or input 'dri'; did you mean "
            "'dry'?");
}

TEST(TextPartsTest, PlacesAreOfTheTextThatIsNamed) {
  EXPECT_EQ(Full(Chain({"text: 'gain(-3dB)'", "text: 'invert | gian(3)'"})),
            "in 'invert | gian(3)', column 10: unknown processor 'gian'; did you mean 'gain'?");
  EXPECT_EQ(Full(Chain({"text: '\\n a = gain\\nin[0] |'", kInvert})).substr(0, 31),
            "in 'a = gain', line 3, column 8");
  EXPECT_EQ(Full("text: 'gian'").substr(0, 9), "column 1:");
  EXPECT_EQ(DetailOf(Parse(Chain({"text: 'lowpass(qq=3)'", kInvert})).status()).value, "qq");
}

TEST(TextPartsTest, TextsAreCounted) {
  const auto list = [](int count) {
    std::string message = "list {";
    for (int i = 0; i < count; ++i) message += " items { text: 'in' }";
    return message + "}";
  };
  EXPECT_TRUE(Parse(list(kMaxTextCalls)).ok());
  EXPECT_EQ(Full(list(kMaxTextCalls + 1)), "the description has more than 256 texts in it");
}

TEST(TextPartsTest, DepthIsThatOfTheWhole) {
  const auto nested = [](int depth) {
    std::string message = "text: 'in'";
    for (int i = 0; i < depth; ++i) message = "list { items {" + message + "} }";
    return message;
  };
  EXPECT_TRUE(Parse(nested(kMaxTextDepth - 1)).ok());
  EXPECT_EQ(Full(nested(kMaxTextDepth)),
            "in 'in': nested more than 20 deep, with what is around it");
}

}  // namespace
}  // namespace patchbay::testing
