#include "processors/core/parameters.h"

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

using ::testing::HasSubstr;

const ProcessorSpec& Spec() {
  static const ProcessorSpec spec = {
      .name = "thing",
      .parameters = {
          {.name = "cutoff_hz",
           .unit = Unit::kHertz,
           .minimum = 10,
           .maximum = 100,
           .default_value = 50},
          {.name = "order",
           .type = ParameterType::kInteger,
           .minimum = 1,
           .maximum = 8,
           .default_value = 2},
          {.name = "on", .type = ParameterType::kBoolean, .default_value = 1},
          {.name = "shape", .type = ParameterType::kChoice, .choices = {"sine", "saw"}},
          {.name = "weights", .type = ParameterType::kNumberList},
          {.name = "impulse", .type = ParameterType::kClip},
      }};
  return spec;
}

TEST(ParametersTest, LeftOutValuesAreTheDefaults) {
  const auto parameters = Parameters::Create(Spec(), {}, "thing");
  ASSERT_TRUE(parameters.ok());
  EXPECT_EQ(parameters->number("cutoff_hz"), 50);
  EXPECT_EQ(parameters->integer("order"), 2);
  EXPECT_TRUE(parameters->boolean("on"));
  EXPECT_EQ(parameters->choice("shape"), "sine");
  EXPECT_TRUE(parameters->numbers("weights").empty());
  EXPECT_EQ(parameters->clip("impulse"), nullptr);
}

TEST(ParametersTest, ErrorsNamePathValueRangeAndNearestName) {
  const struct {
    const char* name;
    ParameterValue value;
    const char* message;
  } kCases[] = {
      {"cutoff_hz", 5.0, "node.cutoff_hz = 5 Hz is not allowed: it takes 10 to 100 Hz"},
      {"cutoff_hz", std::numeric_limits<double>::quiet_NaN(), "nan"},
      {"cutoff_hz", std::string("high"), "wrong type"},
      {"order", 2.5, "a whole number, 1 to 8"},
      {"shape", std::string("sin"), "did you mean 'sine'?"},
      {"weights", std::vector<double>{0.5, 1.5}, "each 0 to 1"},
      {"impulse", std::shared_ptr<const Clip>(), "a clip"},
      {"cutof", 5.0, "did you mean 'cutoff_hz'?"},
  };
  for (const auto& c : kCases) {
    const auto parameters = Parameters::Create(Spec(), {{c.name, c.value}}, "node");
    ASSERT_EQ(parameters.status().code(), absl::StatusCode::kInvalidArgument) << c.name;
    EXPECT_THAT(std::string(parameters.status().message()), HasSubstr(c.message));
    EXPECT_EQ(DetailOf(parameters.status()).path, std::string("node.") + c.name);
  }
}

TEST(ParametersTest, RequiredParametersMustBeGiven) {
  ProcessorSpec spec = Spec();
  spec.parameters.back().required = true;
  const auto parameters = Parameters::Create(spec, {}, "node");
  EXPECT_THAT(std::string(parameters.status().message()), HasSubstr("needs impulse"));
}

TEST(ParametersTest, TablesWithDefectsAreFound) {
  const auto with = [](ParameterSpec parameter) {
    ProcessorSpec spec = {
        .name = "thing", .summary = "s", .doc = "d", .category = "c", .example = "thing()"};
    spec.parameters = {std::move(parameter)};
    return Defects(spec);
  };
  EXPECT_EQ(with({.name = "x", .doc = "d"}), "");
  EXPECT_THAT(with({.name = "x"}), HasSubstr("doc is missing"));
  EXPECT_THAT(with({.name = "X", .doc = "d"}), HasSubstr("snake_case"));
  EXPECT_THAT(with({.name = "x", .unit = Unit::kHertz, .doc = "d"}), HasSubstr("lacks its unit"));
  EXPECT_THAT(with({.name = "x", .default_value = 2, .doc = "d"}), HasSubstr("out of range"));
  EXPECT_THAT(with({.name = "x", .mapping = Mapping::kLogarithmic, .doc = "d"}),
              HasSubstr("positive"));
  EXPECT_THAT(with({.name = "in", .doc = "d"}), HasSubstr("used twice"));
}

}  // namespace
}  // namespace patchbay
