#include "processors/core/restriction.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ProcessorSpec Table(const char* name, std::vector<ParameterSpec> parameters = {}) {
  return {.name = name,
          .summary = "s",
          .doc = "d",
          .category = "test",
          .example = "x()",
          .parameters = std::move(parameters)};
}

void Add(Block block, Control amount) {
  for (int c = 0; c < block.num_channels(); ++c) {
    for (int i = 0; i < block.num_frames(); ++i) block.channel(c)[i] += amount[i];
  }
}
const Restriction kAdd(&Add,
                       Table("test_add", {{.name = "amount", .rate = Rate::kAudio, .doc = "d"}}));

void Copies(ConstBlock in, Block out, Meta meta, int times) {
  Copy(in, out);
  if (meta.position_frames == 0) out.channel(0)[0] = static_cast<float>(times);
}
const Restriction kCopies(&Copies, Table("test_copies", {{.name = "times",
                                                          .type = ParameterType::kInteger,
                                                          .maximum = 9,
                                                          .default_value = 5,
                                                          .doc = "d"}}));

void Sum(std::span<const ConstBlock> ins, Block out) {
  Fill(out, 0.0f);
  for (const ConstBlock& in : ins) {
    for (int i = 0; i < out.num_frames(); ++i) out.channel(0)[i] += in.channel(0)[i];
  }
}
const Restriction kSum(&Sum, Table("test_sum"));

// Remembers: a counter that makes sound.
struct Count {
  double next = 0;
  void operator()(NewBlock out) {
    for (float& sample : out.channel(0)) sample = static_cast<float>(next++);
  }
  void Archive(StateArchive& archive) { archive.Value(next); }
};
const Restriction kCount(Count{}, Table("test_count"));

void Magnitude(ConstBlock in, ControlOutput out) {
  for (int i = 0; i < in.num_frames(); ++i) out[i] = std::abs(in.channel(0)[i]);
}
ProcessorSpec MagnitudeTable() {
  ProcessorSpec spec = Table("test_magnitude");
  spec.control_outputs = {{.name = "magnitude", .doc = "d"}};
  return spec;
}
const Restriction kMagnitude(&Magnitude, MagnitudeTable());

const ProcessorSpec& SpecOf(const char* name) { return (*Registry::Global().Find(name))->spec; }

TEST(RestrictionTest, TheSignatureSaysWhichPartOfThePlugIsUsed) {
  EXPECT_TRUE(SpecOf("test_add").in_place);
  EXPECT_TRUE(SpecOf("test_add").is_simple());
  EXPECT_FALSE(SpecOf("test_copies").in_place);
  EXPECT_TRUE(SpecOf("test_sum").inputs[0].repeated);
  EXPECT_TRUE(SpecOf("test_count").inputs.empty());
  EXPECT_TRUE(SpecOf("test_magnitude").outputs.empty());
}

TEST(RestrictionTest, RunsWithTheFullPlug) {
  const Clip ones = testing::Constant({.num_channels = 1, .num_frames = 3}, 1);
  const auto out = [](const testing::RunResult& result) {
    const auto channel = result.outs[0].channel(0);
    return std::vector<float>(channel.begin(), channel.end());
  };
  EXPECT_THAT(out(testing::RunOrDie("test_add", {{"amount", 0.5}}, {ones})),
              ElementsAre(1.5f, 1.5f, 1.5f));
  EXPECT_THAT(out(testing::RunOrDie("test_add", {}, {ones},
                                    {.automation = {{"amount", {0.1f, 0.2f, 0.3f}}}})),
              ElementsAre(1.1f, 1.2f, 1.3f));
  EXPECT_THAT(out(testing::RunOrDie("test_copies", {}, {ones})), ElementsAre(5, 1, 1));
  EXPECT_THAT(out(testing::RunOrDie("test_sum", {}, {ones, ones, ones})), ElementsAre(3, 3, 3));
  EXPECT_THAT(out(testing::RunOrDie("test_count", {}, {},
                                    {.chunk_frames = {2}, .num_frames = 5, .reload_at_frame = 2})),
              ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(testing::RunOrDie("test_magnitude", {}, {ones}).control_outs[0],
              ElementsAre(1, 1, 1));
}

TEST(RestrictionTest, ATableThatDoesNotFitTheSignatureIsRejected) {
  const auto defects = [](std::vector<ParameterSpec> parameters) {
    ProcessorSpec spec = Table("test_bad", std::move(parameters));
    Adaptor<decltype(&Add)>::FillPorts(spec);
    return Defects(spec);
  };
  EXPECT_EQ(defects({{.name = "amount", .rate = Rate::kAudio, .doc = "d"}}), "");
  EXPECT_THAT(defects({}), HasSubstr("number of parameters"));
  EXPECT_THAT(defects({{.name = "amount", .rate = Rate::kFixed, .doc = "d"}}),
              HasSubstr("differ in its type"));
}

}  // namespace
}  // namespace patchbay
