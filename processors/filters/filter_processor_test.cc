#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "processors/core/registry.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

// Every automated parameter jumps between the ends of its range and values between them, every 32
// frames.
std::map<std::string, std::vector<float>> WildAutomation(const std::string& processor,
                                                         int num_frames) {
  std::mt19937 random(7);
  std::map<std::string, std::vector<float>> automation;
  const ProcessorSpec& spec = (*Registry::Global().Find(processor))->spec;
  for (const ParameterSpec& p : spec.parameters) {
    if (p.rate == Rate::kFixed) continue;
    std::vector<float>& values = automation[p.name];
    while (static_cast<int>(values.size()) < num_frames) {
      const double where = std::clamp(random() / 4294967296.0 * 2 - 0.5, 0.0, 1.0);
      const double value = p.mapping == Mapping::kLogarithmic
                               ? p.minimum * std::pow(p.maximum / p.minimum, where)
                               : p.minimum + (p.maximum - p.minimum) * where;
      values.insert(values.end(), 32, static_cast<float>(value));
    }
  }
  return automation;
}

float Largest(std::span<const float> samples) {
  float largest = 0;
  for (const float x : samples) largest = std::max(largest, std::isfinite(x) ? std::abs(x) : 1e30f);
  return largest;
}

class FilterProcessorTest : public ::testing::TestWithParam<std::string> {};

TEST_P(FilterProcessorTest, SurvivesWildAutomation) {
  constexpr int kFrames = 96000;
  const Clip in = Noise({.num_frames = kFrames});
  const RunResult result =
      RunOrDie(GetParam(), {}, {in}, {.automation = WildAutomation(GetParam(), kFrames)});
  // 40 dB of gain, a resonance of 40 dB, and 6 dB for what the jumps themselves excite.
  EXPECT_LT(Largest(result.outs[0].channel(0)), 0.5f * 2e4f);
}

TEST_P(FilterProcessorTest, AddsNoEnergyWhileParametersMove) {
  constexpr int kFrames = 96000;
  const Clip in = Impulse({.num_channels = 1, .num_frames = kFrames});
  const RunResult result =
      RunOrDie(GetParam(), {}, {in}, {.automation = WildAutomation(GetParam(), kFrames)});
  const std::span<const float> out = result.outs[0].channel(0);
  EXPECT_LT(Largest(out.last(kFrames / 2)), 1e-3f);
}

TEST_P(FilterProcessorTest, GoesOnBitExactFromACheckpointWhileParametersMove) {
  constexpr int kFrames = 4800;
  const Clip in = Noise({.num_channels = 3, .num_frames = kFrames});
  RunOptions options = {.automation = WildAutomation(GetParam(), kFrames)};
  const RunResult expected = RunOrDie(GetParam(), {}, {in}, options);
  for (const int frame : {1, 1234, 1600, 3333}) {
    options.chunk_frames = {frame % 7 + 1, 5, 256};
    options.reload_at_frame = frame;
    const RunResult result = RunOrDie(GetParam(), {}, {in}, options);
    for (int c = 0; c < 3; ++c) {
      EXPECT_TRUE(std::ranges::equal(result.outs[0].channel(c), expected.outs[0].channel(c)));
    }
  }
}

TEST_P(FilterProcessorTest, GivesTheSameBitsWhenParametersMoveWithinACall) {
  constexpr int kFrames = 4800;
  const Clip in = Noise({.num_channels = 3, .num_frames = kFrames});
  RunOptions options = {.automation = WildAutomation(GetParam(), kFrames)};
  const RunResult expected = RunOrDie(GetParam(), {}, {in}, options);
  options.hold_controls = true;
  for (const int chunk_frames : {1, 7, 61, 256}) {
    options.chunk_frames = {chunk_frames};
    const RunResult result = RunOrDie(GetParam(), {}, {in}, options);
    for (int c = 0; c < 3; ++c) {
      EXPECT_TRUE(std::ranges::equal(result.outs[0].channel(c), expected.outs[0].channel(c)))
          << chunk_frames;
    }
  }
}

TEST_P(FilterProcessorTest, TakesAValuePerFrame) {
  constexpr int kFrames = 1000;
  const Clip in = Noise({.num_channels = 2, .num_frames = kFrames});
  std::vector<float> sweep(kFrames);
  for (int i = 0; i < kFrames; ++i) sweep[i] = static_cast<float>(100 + 10 * i);
  RunOptions options = {.automation = {{"cutoff_hz", sweep}}, .hold_controls = true};
  const RunResult expected = RunOrDie(GetParam(), {}, {in}, options);
  for (const int chunk_frames : {1, 13}) {
    options.chunk_frames = {chunk_frames};
    const RunResult result = RunOrDie(GetParam(), {}, {in}, options);
    for (int c = 0; c < 2; ++c) {
      EXPECT_TRUE(std::ranges::equal(result.outs[0].channel(c), expected.outs[0].channel(c)));
    }
  }
}

TEST_P(FilterProcessorTest, RefusesACutoffAtHalfTheSampleRate) {
  const Clip in = Noise({.sample_rate_hz = 8000});
  const auto result = testing::Run(GetParam(), {{"cutoff_hz", 4000.0}}, {in});
  EXPECT_EQ(
      result.status().message(),
      GetParam() + ".cutoff_hz = 4000 Hz must be below 4000 Hz, half the sample rate of 8000 Hz");
  EXPECT_TRUE(testing::Run(GetParam(), {{"cutoff_hz", 3999.9}}, {in}).ok());
}

TEST_P(FilterProcessorTest, IgnoresWhatItWasBeforeWhenACutoffReturns) {
  const Clip in = Noise({.num_frames = 48000});
  std::vector<float> moving(48000, 1000.0f);
  std::fill_n(moving.begin() + 3200, 3200, 100.0f);
  const std::map<std::string, ParameterValue> parameters = {{"cutoff_hz", 1000.0}};
  const RunResult moved =
      RunOrDie(GetParam(), parameters, {in}, {.automation = {{"cutoff_hz", moving}}});
  const RunResult still = RunOrDie(GetParam(), parameters, {in});
  for (int i = 24000; i < 48000; ++i) {
    ASSERT_NEAR(moved.outs[0].channel(0)[i], still.outs[0].channel(0)[i], 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Filters, FilterProcessorTest,
                         ::testing::Values("bandpass", "high_shelf", "highpass", "low_shelf",
                                           "lowpass", "notch", "peak"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace patchbay::testing
