// Whatever is wired together: the output does not depend on how the input is cut into chunks.

#include "tests/contract/random_graph.h"

#include <random>

#include "gtest/gtest.h"
#include "processors/graph/text_form.h"
#include "tests/contract/subject.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr int kNumGraphs = 500;
constexpr int kNumFrames = 3000;

absl::StatusOr<Subject> ToSubject(const RandomGraph& graph) {
  Subject subject;
  subject.inputs = {.sample_rate_hz = 48000, .input_channels = {1, 1}};
  const auto expression = ParseText(graph.Text(), Registry::Global());
  if (!expression.ok()) return expression.status();
  subject.expression = *expression;
  for (const uint64_t seed : {1, 2}) subject.audio.push_back(Noise({48000, 1, kNumFrames}, seed));
  const auto engine = subject.NewEngine();
  if (!engine.ok()) return engine.status();
  return subject;
}

bool DependsOnChunks(const RandomGraph& graph) {
  const auto subject = ToSubject(graph);
  if (!subject.ok()) return false;
  const Output whole = Render(*subject, {.chunk_frames = 1 << 20});
  if (!IsFinite(whole)) return true;
  for (const int chunk : {1, 61, 1000}) {
    if (!(Render(*subject, {.chunk_frames = chunk}) == whole)) return true;
  }
  return !(Render(*subject, {.chunk_frames = 100, .reload_at_frame = 1234}) == whole);
}

TEST(RandomGraphTest, OutputDependsNeitherOnTheChunksNorOnACheckpoint) {
  std::mt19937_64 random(2026);
  for (int i = 0; i < kNumGraphs; ++i) {
    const RandomGraph graph(1 + i % 12, random);
    const auto subject = ToSubject(graph);
    ASSERT_TRUE(subject.ok()) << subject.status() << "\n" << graph.Text();
    ASSERT_FALSE(DependsOnChunks(graph)) << graph.Shrunk(&DependsOnChunks).Text();
  }
}

TEST(RandomGraphTest, ShrinkingKeepsWhatFails) {
  std::mt19937_64 random(7);
  const auto has_delay = [](const RandomGraph& g) {
    return g.Text().find("delay(") != std::string::npos && ToSubject(g).ok();
  };
  RandomGraph graph(12, random);
  while (!has_delay(graph)) graph = RandomGraph(12, random);
  const RandomGraph smallest = graph.Shrunk(has_delay);
  EXPECT_TRUE(has_delay(smallest));
  EXPECT_LE(std::ranges::count(smallest.Text(), '\n'), 2) << smallest.Text();
}

}  // namespace
}  // namespace patchbay::testing
