#include "processors/graph/spec_proto.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

void ExpectMessage(const ProcessorSpec& spec, const std::string& expected_text) {
  v1::ProcessorSpec expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(expected_text, &expected));
  google::protobuf::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(expected, ToProto(spec))) << difference;
}

TEST(SpecProtoTest, ConvertsEveryFieldOfASpec) {
  const ProcessorSpec spec = {
      .name = "follower",
      .summary = "Summary.",
      .doc = "Doc.",
      .category = "dynamics",
      .example = "follower()",
      .version = 3,
      .timing = Timing::kResizing,
      .in_place = true,
      .checkpointable = false,
      .inputs = {{.name = "in", .doc = "In.", .min_channels = 2, .max_channels = 8},
                 {.name = "side", .doc = "Side.", .optional = true, .repeated = true}},
      .outputs = {{.name = "out", .doc = "Out."}},
      .control_outputs = {{.name = "envelope", .unit = Unit::kDecibels, .doc = "Envelope."}},
  };
  ExpectMessage(spec, R"pb(
    name: "follower"
    summary: "Summary."
    doc: "Doc."
    category: "dynamics"
    example: "follower()"
    version: 3
    timing: TIMING_RESIZING
    in_place: true
    simple: true
    inputs { name: "in" doc: "In." min_channels: 2 max_channels: 8 }
    inputs {
      name: "side"
      doc: "Side."
      min_channels: 1
      max_channels: 64
      optional: true
      repeated: true
    }
    outputs { name: "out" doc: "Out." min_channels: 1 max_channels: 64 }
    control_outputs { name: "envelope" unit: UNIT_DECIBELS doc: "Envelope." }
  )pb");
}

// A spec with nothing but this parameter, and its message.
void ExpectParameterMessage(const ParameterSpec& parameter, const std::string& expected_text) {
  ExpectMessage({.inputs = {}, .outputs = {}, .parameters = {parameter}},
                "version: 1 timing: TIMING_STREAMING checkpointable: true "
                "parameters { " +
                    expected_text + "}");
}

TEST(SpecProtoTest, ConvertsEveryFieldOfAParameter) {
  ExpectParameterMessage({.name = "a",
                          .unit = Unit::kHertz,
                          .minimum = 1,
                          .maximum = 9,
                          .default_value = 4,
                          .mapping = Mapping::kLogarithmic,
                          .rate = Rate::kAudio,
                          .smoothing_seconds = 0.5,
                          .doc = "A."},
                         R"pb(
                           name: "a"
                           type: PARAMETER_TYPE_NUMBER
                           unit: UNIT_HERTZ
                           minimum: 1
                           maximum: 9
                           default_value { number: 4 }
                           mapping: MAPPING_LOGARITHMIC
                           rate: RATE_AUDIO
                           smoothing_seconds: 0.5
                           doc: "A."
                         )pb");
}

TEST(SpecProtoTest, ConvertsEveryTypeWithItsDefault) {
  const std::string rest = " maximum: 1 mapping: MAPPING_LINEAR rate: RATE_FIXED ";
  ExpectParameterMessage({.type = ParameterType::kInteger, .default_value = 1},
                         "type: PARAMETER_TYPE_INTEGER default_value { number: 1 }" + rest);
  ExpectParameterMessage({.type = ParameterType::kBoolean, .default_value = 1},
                         "type: PARAMETER_TYPE_BOOLEAN default_value { boolean: true }" + rest);
  ExpectParameterMessage({.type = ParameterType::kChoice, .choices = {"sine", "saw"}},
                         "type: PARAMETER_TYPE_CHOICE default_value { choice: 'sine' } "
                         "choices: 'sine' choices: 'saw'" +
                             rest);
  ExpectParameterMessage({.type = ParameterType::kNumberList},
                         "type: PARAMETER_TYPE_NUMBER_LIST" + rest);
  ExpectParameterMessage({.type = ParameterType::kClip, .required = true},
                         "type: PARAMETER_TYPE_CLIP required: true" + rest);
  ExpectParameterMessage({.required = true}, "type: PARAMETER_TYPE_NUMBER required: true" + rest);
}

}  // namespace
}  // namespace patchbay::testing
