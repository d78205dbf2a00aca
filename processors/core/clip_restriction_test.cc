#include "processors/core/clip_restriction.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;

Clip Swap(Clip clip) {
  std::ranges::reverse(clip.channel(0));
  return clip;
}

absl::StatusOr<std::vector<Clip>> Copies(const Clip& clip, int count, const std::string& what,
                                         const Progress& progress,
                                         const std::vector<double>& gains) {
  if (gains.size() > static_cast<size_t>(count)) {
    return absl::InvalidArgumentError(absl::StrCat(what, ": too many gains"));
  }
  std::vector<Clip> copies;
  for (int i = 0; i < count; ++i) {
    const absl::Status status = progress(static_cast<double>(i) / count);
    if (!status.ok()) return status;
    copies.push_back(clip);
    for (float& x : copies.back().channel(0)) x *= static_cast<float>(gains[i]);
  }
  return copies;
}

Clip First(std::vector<Clip> clips) { return std::move(clips.front()); }

ProcessorSpec Table(const std::string& name, std::vector<ParameterSpec> parameters = {}) {
  return {.name = name,
          .summary = "Test.",
          .doc = "Test.",
          .category = "test",
          .example = name,
          .parameters = std::move(parameters)};
}

const ClipRestriction kSwap(&Swap, Table("swap"));
const ClipRestriction kCopies(
    &Copies, Table("copies", {{.name = "count",
                               .type = ParameterType::kInteger,
                               .maximum = 9,
                               .default_value = 2,
                               .doc = "Count."},
                              {.name = "what",
                               .type = ParameterType::kChoice,
                               .choices = {"this", "that"},
                               .doc = "What."},
                              {.name = "gains", .type = ParameterType::kNumberList, .doc = "Gains."}}));
const ClipRestriction kFirst(&First, Table("first"));

Clip Counting() {
  Clip clip(48000, 1, 3);
  for (int i = 0; i < 3; ++i) clip.channel(0)[i] = static_cast<float>(i + 1);
  return clip;
}

TEST(ClipRestrictionTest, OneClipToOne) {
  const std::vector<Clip> out = RunClipsOrDie("swap", {}, {Counting()});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_THAT(out[0].channel(0), ElementsAre(3, 2, 1));
  const ProcessorSpec& spec = (*Registry::Global().Find("swap"))->spec;
  EXPECT_EQ(spec.timing, Timing::kWholeClip);
  EXPECT_TRUE(spec.is_simple());
}

TEST(ClipRestrictionTest, OneClipToManyWithParametersInTheirOrder) {
  const std::vector<Clip> out =
      RunClipsOrDie("copies", {{"gains", std::vector<double>{0.5, 1}}}, {Counting()});
  ASSERT_EQ(out.size(), 2u);
  EXPECT_THAT(out[0].channel(0), ElementsAre(0.5, 1, 1.5));
  EXPECT_TRUE((*Registry::Global().Find("copies"))->spec.outputs[0].repeated);
}

TEST(ClipRestrictionTest, ErrorsComeThrough) {
  const auto out = RunClips(
      "copies", {{"gains", std::vector<double>{0, 0, 0}}, {"what", std::string("that")}},
      {Counting()});
  EXPECT_EQ(out.status(), absl::InvalidArgumentError("that: too many gains"));
}

TEST(ClipRestrictionTest, ManyClipsToOne) {
  const std::vector<Clip> out = RunClipsOrDie("first", {}, {Counting(), Clip(48000, 1, 9)});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].num_frames(), 3);
  EXPECT_TRUE((*Registry::Global().Find("first"))->spec.inputs[0].repeated);
}

}  // namespace
}  // namespace patchbay::testing
