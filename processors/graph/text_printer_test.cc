#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_test_registry.h"

namespace patchbay::testing {
namespace {

// Random valid Expressions, from the tables of the registry.
class Generator {
 public:
  explicit Generator(int seed) : random_(seed) {}

  v1::Expression Expression(int depth, bool may_be_input = true) {
    v1::Expression expression;
    if (may_be_input && Below(4) == 0) {
      v1::Input& input = *expression.mutable_input();
      if (Below(2) == 0) input.set_index(Below(64));
    } else if (depth > 0 && Below(3) == 0) {
      for (int n = Below(4); n >= 0; --n) {
        v1::Chain& chain = *expression.mutable_chain();
        const bool first = chain.steps_size() == 0;
        *chain.add_steps() = Expression(depth - 1, first);
      }
    } else {
      FillCall(depth, *expression.mutable_call());
    }
    return expression;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % n); }

  // Any finite double, also denormal; or a plain one.
  double Number() {
    if (Below(2) == 0) return (Below(4001) - 2000) / 100.0;
    for (;;) {
      const uint64_t bits = uint64_t{random_()} << 32 | random_();
      double number;
      std::memcpy(&number, &bits, sizeof(number));
      if (std::isfinite(number)) return number;
    }
  }

  std::string Word() {
    constexpr const char* kWords[] = {"hall", "a/b_2", "2nd", "my hall",
                                      "",     "it's",  "C#5", "é\n\\"};
    return kWords[Below(std::size(kWords))];
  }

  void FillCall(int depth, v1::Call& call) {
    const std::vector<const ProcessorType*> types = TextTestRegistry().All();
    const ProcessorSpec& spec = types[Below(types.size())]->spec;
    call.set_processor(spec.name);
    if (Below(4) == 0) call.set_name(absl::StrCat("x", Word()));
    for (const ParameterSpec& parameter : spec.parameters) {
      if (Below(2) == 0) (*call.mutable_arguments())[parameter.name] = Value(parameter);
    }
    for (const PortSpec& port : spec.inputs) {
      if (depth == 0 || Below(3) != 0) continue;
      *(*call.mutable_arguments())[port.name].mutable_expression() = Expression(depth - 1);
    }
  }

  v1::Value Value(const ParameterSpec& parameter) {
    v1::Value value;
    switch (parameter.type) {
      case ParameterType::kNumber:
      case ParameterType::kInteger:
        value.set_number(Number());
        break;
      case ParameterType::kBoolean:
        value.set_boolean(Below(2) == 0);
        break;
      case ParameterType::kChoice:
        value.set_choice(parameter.choices[Below(parameter.choices.size())]);
        break;
      case ParameterType::kNumberList:
        value.mutable_numbers();
        for (int n = Below(4); n > 0; --n) value.mutable_numbers()->add_values(Number());
        break;
      case ParameterType::kClip:
        value.set_clip(Word());
        break;
    }
    return value;
  }

  std::mt19937 random_;
};

TEST(TextPrinterTest, WhatIsPrintedParsesBack) {
  Generator generator(1);
  for (int i = 0; i < 20'000; ++i) {
    const v1::Expression expression = generator.Expression(4);
    const std::string text = PrintText(expression, TextTestRegistry());
    const auto parsed = ParseText(text, TextTestRegistry());
    ASSERT_TRUE(parsed.ok()) << text << "\n" << parsed.status();
    ASSERT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*parsed, expression)) << text;
  }
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
}

}  // namespace
}  // namespace patchbay::testing
