#include "gtest/gtest.h"
#include "processors/analysis/onset_detector.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

// Soft noise, loud from 0.25 s to 0.35 s.
Clip Burst() {
  Clip clip = Noise({.num_frames = 30000}, 1, 0.001f);
  const Clip loud = Noise({.num_frames = 4800});
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < 4800; ++i) clip.channel(c)[12000 + i] += loud.channel(c)[i];
  }
  return clip;
}

std::vector<int64_t> Ones(const RunResult& result) {
  std::vector<int64_t> frames;
  for (size_t i = 0; i < result.control_outs[0].size(); ++i) {
    if (result.control_outs[0][i] != 0) {
      EXPECT_EQ(result.control_outs[0][i], 1);
      frames.push_back(static_cast<int64_t>(i) - result.layout.latency_frames);
    }
  }
  return frames;
}

TEST(OnsetTest, IsOneAtTheFrameOfTheOnset) {
  const RunResult result = RunOrDie("onset", {}, {Burst()});
  const std::vector<int64_t> ones = Ones(result);
  EXPECT_TRUE(result.outs.empty());
  EXPECT_EQ(ones, DetectOnsets(Burst(), 0.5, [](double) { return absl::OkStatus(); }).value());
  ASSERT_EQ(std::ranges::count_if(ones, [](int64_t f) { return f > 4000; }), 1);
  EXPECT_NEAR(ones.back(), 12000, 200);
  EXPECT_GT(result.control_outs[1][ones.back() + result.layout.latency_frames], 0.3);
  EXPECT_LT(result.layout.latency_frames, 0.04 * 48000);
}

TEST(OnsetTest, SensitivityMoves) {
  std::vector<float> sensitivity(30000 + 4000, 0.5f);
  std::fill(sensitivity.begin() + 9600, sensitivity.end(), 0.0f);
  const RunResult result = RunOrDie(
      "onset", {}, {Burst()}, {.automation = {{"sensitivity", sensitivity}}, .num_frames = 30000});
  for (const int64_t frame : Ones(result)) EXPECT_LT(frame, 9600);
}

TEST(OnsetTest, CallsAndCheckpointsDoNotMatter) {
  const RunResult whole = RunOrDie("onset", {}, {Burst()});
  for (const int64_t frame : {999, 12000, 13600}) {
    const RunResult pieces =
        RunOrDie("onset", {}, {Burst()}, {.chunk_frames = {1, 33, 256}, .reload_at_frame = frame});
    EXPECT_EQ(whole.control_outs, pieces.control_outs);
  }
}

}  // namespace
}  // namespace patchbay::testing
