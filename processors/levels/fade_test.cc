#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "processors/core/registry.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

// At 1000 Hz, so that milliseconds are frames. Gains of a fade over a clip of ones, aligned.
std::vector<float> Gains(const std::string& curve, int num_frames, double in_seconds,
                         double out_seconds, const RunOptions& options = {}) {
  const Clip ones =
      Constant({.sample_rate_hz = 1000, .num_channels = 1, .num_frames = num_frames}, 1.0f);
  const RunResult result =
      RunOrDie("fade", {{"curve", curve}, {"in_seconds", in_seconds}, {"out_seconds", out_seconds}},
               {ones}, options);
  EXPECT_EQ(result.layout.latency_frames, std::llround(out_seconds * 1000));
  const auto out = result.outs[0].channel(0).subspan(result.layout.latency_frames);
  return {out.begin(), out.end()};
}

TEST(FadeTest, IsLinearAtBothEnds) {
  const std::vector<float> gains = Gains("linear", 1000, 0.1, 0.2);
  for (int i = 0; i < 1000; ++i) {
    const double expected = std::min({1.0, (i + 0.5) / 100, (999.5 - i) / 200});
    ASSERT_NEAR(gains[i], expected, 1e-6) << i;
  }
}

TEST(FadeTest, CurvesRunFromSilenceToOne) {
  const auto check = [](const std::string& curve, auto gain_at) {
    const std::vector<float> gains = Gains(curve, 1000, 0.4, 0.4);
    for (int i = 0; i < 400; ++i) {
      const double expected = gain_at((i + 0.5) / 400);
      ASSERT_NEAR(gains[i], expected, 1e-6) << curve << " " << i;
      ASSERT_NEAR(gains[999 - i], expected, 1e-6) << curve << " " << i;
    }
  };
  check("equal_power", [](double x) { return std::sin(x * M_PI / 2); });
  check("smooth", [](double x) { return 3 * x * x - 2 * x * x * x; });
  check("exponential", [](double x) { return (std::pow(10, 3 * x) - 1) / 999; });
}

TEST(FadeTest, CrossfadesAddUp) {
  const std::vector<float> linear = Gains("linear", 200, 0.05, 0.05);
  const std::vector<float> power = Gains("equal_power", 200, 0.05, 0.05);
  for (int i = 0; i < 50; ++i) {
    EXPECT_NEAR(linear[i] + linear[150 + i], 1, 1e-6);
    EXPECT_NEAR(power[i] * power[i] + power[150 + i] * power[150 + i], 1, 1e-6);
  }
}

TEST(FadeTest, WithoutLengthsPassesTheClip) {
  EXPECT_EQ(Gains("linear", 300, 0, 0), std::vector<float>(300, 1.0f));
}

TEST(FadeTest, FadesShortClipsOverTheirWholeLength) {
  const std::vector<float> out = Gains("linear", 10, 0, 0.1);
  for (int i = 0; i < 10; ++i) EXPECT_NEAR(out[i], (9.5 - i) / 10, 1e-6);
  const std::vector<float> both = Gains("linear", 10, 0.1, 0.1);
  for (int i = 0; i < 10; ++i) EXPECT_NEAR(both[i], (9.5 - i) / 10 * (i + 0.5) / 100, 1e-6);
}

TEST(FadeTest, GivesTheSameBitsHoweverCutAndReloaded) {
  const std::vector<float> expected = Gains("smooth", 1000, 0.1, 0.3);
  for (const int chunk_frames : {1, 7, 100}) {
    EXPECT_EQ(
        Gains("smooth", 1000, 0.1, 0.3, {.chunk_frames = {chunk_frames}, .reload_at_frame = 777}),
        expected);
  }
}

TEST(FadeTest, IsSilentBeforeTheClipBegins) {
  const ProcessorType* type = *Registry::Global().Find("fade");
  const Parameters parameters = *Parameters::Create(type->spec, {{"out_seconds", 0.0}}, "fade");
  const auto processor = *type->create(parameters, {.sample_rate_hz = 1000, .input_channels = {1}});
  Clip clip = Constant({.num_channels = 1, .num_frames = 8}, 1.0f);
  const ConstBlock in = clip.Frames(0, 8);
  const Block out = clip.Frames(0, 8);
  const std::vector<Control> controls(3);
  static_cast<const StreamingProcessor&>(*processor)
      .NewState()
      ->Process({.ins = {&in, 1},
                 .outs = {&out, 1},
                 .controls = controls,
                 .num_frames = 8,
                 .position_frames = -5});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(clip.channel(0)[i], 0) << i;
  EXPECT_NEAR(clip.channel(0)[5], 0.05, 1e-6);
}

}  // namespace
}  // namespace patchbay::testing
