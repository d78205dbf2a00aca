// Graphs as a whole: wiring, controls from other nodes, curves and loops.

#include <cmath>
#include <numbers>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/graph/engine.h"
#include "processors/graph/text_form.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kRate = 48000;

absl::StatusOr<std::shared_ptr<const Plan>> MakePlan(const std::string& text,
                                                     std::vector<int> channels = {1}) {
  const auto expression = ParseText(text, Registry::Global());
  if (!expression.ok()) return expression.status();
  return Plan::Create(*expression, {.sample_rate_hz = kRate, .input_channels = channels}, {});
}

std::string ErrorOf(const std::string& text, std::vector<int> channels = {1}) {
  return std::string(MakePlan(text, std::move(channels)).status().message());
}

// Everything that comes out of the first output for `inputs`, latency dropped, in calls of `chunk`.
std::vector<float> Render(const std::string& text, const std::vector<Clip>& inputs,
                          int chunk = 1000) {
  std::vector<int> channels;
  for (const Clip& clip : inputs) channels.push_back(clip.num_channels());
  const auto plan = MakePlan(text, channels);
  if (!plan.ok()) {
    ADD_FAILURE() << text << ": " << plan.status();
    return std::vector<float>(100'000);
  }
  const auto engine = *Engine::Create(*plan);
  const int64_t total = inputs[0].num_frames() + (*plan)->latency_frames;
  std::vector<Clip> outs;
  for (const int edge : (*plan)->outputs) {
    outs.emplace_back(kRate, (*plan)->edges[edge].num_channels, total);
  }
  std::vector<std::vector<float>> curves((*plan)->control_outputs.size(),
                                         std::vector<float>(total));
  while (engine->position_frames() < total) {
    const int64_t position = engine->position_frames();
    const bool draining = position >= inputs[0].num_frames();
    const int64_t end = draining ? total : inputs[0].num_frames();
    const int count = static_cast<int>(std::min<int64_t>(chunk, end - position));
    std::vector<ConstBlock> ins;
    std::vector<Block> blocks;
    std::vector<std::span<float>> controls;
    for (Clip& out : outs) blocks.push_back(out.Frames(position, count));
    for (auto& curve : curves) controls.push_back(std::span(curve).subspan(position, count));
    if (draining) {
      engine->End();
      engine->Drain(blocks, controls, count);
      continue;
    }
    for (const Clip& in : inputs) ins.push_back(in.Frames(position, count));
    EXPECT_TRUE(engine->Process(ins, blocks, controls, count).ok());
  }
  const auto samples =
      outs.empty() ? std::span<const float>(curves[0]) : std::as_const(outs[0]).channel(0);
  return {samples.begin() + (*plan)->latency_frames, samples.end()};
}

Clip Ones(int64_t num_frames = 20'000) { return Constant({kRate, 1, num_frames}, 1.0f); }

TEST(GraphTest, AGainRampIsExact) {
  const std::vector<float> out = Render("gain(gain_db={0frames: -60, 12000frames: 0})", {Ones()});
  for (int i = 0; i < 12000; ++i) {
    const double expected = std::pow(10.0, (-60 + 60.0 * i / 12000) / 20);
    ASSERT_NEAR(out[i], expected, 2e-6 * expected) << i;
  }
}

TEST(GraphTest, AnExponentialFadeIsExact) {
  const std::vector<float> out =
      Render("scale(mult={0frames: 1, 10000frames: 0.001 exponential})", {Ones()});
  for (int i = 0; i < 10000; ++i) ASSERT_NEAR(out[i], std::pow(0.001, i / 10000.0), 1e-6) << i;
}

TEST(GraphTest, AStepLandsOnItsFrame) {
  for (const char* text : {"scale(mult={0frames: 1, 12345frames: 0 step})",
                           "s = step_sequence([1, 0], step_seconds=0.2571875, loop=false)\n"
                           "scale(mult=s)"}) {
    const std::vector<float> out = Render(text, {Ones()}, 999);
    EXPECT_EQ(out[12344], 1) << text;
    EXPECT_EQ(out[12345], 0) << text;
  }
}

TEST(GraphTest, TremoloByLfo) {
  const std::vector<float> out = Render("scale(mult=lfo(5Hz, depth=0.5, offset=0.5))", {Ones()});
  for (int i = 0; i < 20'000; ++i) {
    const double expected = 0.5 + 0.5 * std::sin(2 * std::numbers::pi * 5 * i / kRate);
    ASSERT_NEAR(out[i], expected, 1e-5) << i;
  }
}

TEST(GraphTest, FmOscillator) {
  const std::vector<float> out =
      Render("in + oscillator(frequency_hz=lfo(3Hz, depth=100, offset=440), amplitude=0.5)",
             {Constant({kRate, 1, 20'000}, 0.0f)});
  double phase = 0;
  double worst = 0;
  for (int i = 0; i < 20'000; ++i) {
    worst = std::max(worst, std::abs(out[i] - 0.5 * std::sin(2 * std::numbers::pi * phase)));
    phase += (440 + 100 * std::sin(2 * std::numbers::pi * 3 * i / kRate)) / kRate;
  }
  EXPECT_LT(worst, 1e-3);
}

TEST(GraphTest, ArithmeticOnControlsAndAudio) {
  const Clip noise = Noise({kRate, 1, 5000});
  const std::vector<float> out = Render(
      "a = {0frames: 2}\n"
      "b = lfo(10Hz) * 0 + 3\n"
      "0.5 * in - in / 4 + scale(in, mult=b - 2 * a)",
      {noise});
  for (int i = 0; i < 5000; ++i) {
    const float x = noise.channel(0)[i];
    ASSERT_NEAR(out[i], 0.5f * x - x / 4 - x, 1e-6) << i;
  }
}

TEST(GraphTest, DuckingFollowsTheOtherInput) {
  Clip speech = Constant({kRate, 1, 96'000}, 0.0f);
  std::ranges::fill(speech.channel(0).subspan(24'000, 48'000), 1.0f);
  const std::vector<float> out = Render(
      "duck = envelope_follower(in[1], attack=5ms, release=50ms)\nin[0] | gain(-18dB * duck)",
      {Ones(96'000), speech});
  EXPECT_NEAR(20 * std::log10(out[23'999]), 0, 1e-3);
  EXPECT_NEAR(20 * std::log10(out[60'000]), -18, 0.1);
  EXPECT_NEAR(20 * std::log10(out[95'999]), 0, 0.5);
}

TEST(GraphTest, ControlsOfRateBlockDoNotDependOnTheChunks) {
  const Clip noise = Noise({kRate, 1, 10'000});
  const std::string text =
      "low = in | fade(in_seconds=0, out_seconds=0.001) | lowpass(lfo(7Hz, 2000, 3000))\n"
      "low | highpass(cutoff_hz={0s: 50, 0.1s: 900 smooth})";
  const std::vector<float> whole = Render(text, {noise}, 10'000);
  for (const int chunk : {1, 7, 100, 4096}) EXPECT_EQ(Render(text, {noise}, chunk), whole) << chunk;
}

TEST(GraphTest, ParallelBranchesAddUpSampleAligned) {
  const Clip impulse = Impulse({kRate, 1, 20'000}, 100);
  const std::vector<float> out = Render(
      "a = in | fade(in_seconds=0, out_seconds=1639/48000)\n"
      "b = in | fade(in_seconds=0, out_seconds=4096/48000)\n"
      "in + a + b",
      {impulse});
  for (int i = 0; i < 15'000; ++i) ASSERT_EQ(out[i], i == 100 ? 3 : 0) << i;
}

TEST(GraphTest, ALoopThroughADelayEchoes) {
  const Clip impulse = Impulse({kRate, 1, 20'000}, 0);
  const std::string text =
      "echo = in + 0.5 * echo | delay(delay_seconds=1000/48000, mix=1, feedback=0)\nin + echo";
  const std::vector<float> out = Render(text, {impulse}, 100);
  for (int i = 0; i < 20'000; ++i) {
    const double expected = i % 1000 != 0 ? 0 : i == 0 ? 1 : std::pow(0.5, i / 1000 - 1);
    ASSERT_NEAR(out[i], expected, 1e-6) << i;
  }
  for (const int chunk : {1, 255, 256, 4096}) EXPECT_EQ(Render(text, {impulse}, chunk), out);
}

TEST(GraphTest, TwoDelaysInOneLoopBothCount) {
  const Clip impulse = Impulse({kRate, 1, 20'000}, 0);
  const std::vector<float> out = Render(
      "left = in + 0.5 * right | delay(delay_seconds=300/48000, mix=1, feedback=0)\n"
      "right = left | delay(delay_seconds=400/48000, mix=1, feedback=0)\n"
      "[left, right]",
      {impulse});
  for (int i = 0; i < 20'000; ++i) {
    const bool is_echo = i % 700 == 300;
    ASSERT_NEAR(out[i], is_echo ? std::pow(0.5, i / 700) : 0, 1e-6) << i;
  }
}

TEST(GraphTest, BalanceMixesTheInputAlignedWithTheOutput) {
  const Clip noise = Noise({kRate, 1, 5000});
  const std::vector<float> out =
      Render("fade(in_seconds=0, out_seconds=0.01, balance=0.25) | gain(0dB)", {noise});
  for (int i = 0; i < 4000; ++i) ASSERT_NEAR(out[i], noise.channel(0)[i], 1e-6);
}

TEST(GraphTest, ErrorsShowTheLoopAndTheNode) {
  EXPECT_THAT(ErrorOf("a = in + b | gain()\nb = a | invert()\na"), HasSubstr("has no delay in it"));
  EXPECT_THAT(ErrorOf("a = in + a | delay(delay_seconds=0.001, mix=1, feedback=0)\na"),
              HasSubstr("must delay by at least 256 frames"));
  EXPECT_THAT(ErrorOf("a = b\nb = a\nin + a"), HasSubstr("nothing but itself"));
  EXPECT_THAT(ErrorOf("gain(gain_db=in)"), HasSubstr("takes a control signal"));
  EXPECT_THAT(ErrorOf("in + lfo(2Hz) | lfo(2Hz)"), HasSubstr("takes no input"));
  EXPECT_THAT(ErrorOf("highpass(order=lfo(2Hz))"), HasSubstr("order"));
  EXPECT_THAT(ErrorOf("in * in"), HasSubstr("cannot be multiplied"));
  EXPECT_THAT(ErrorOf("gain(gain_db={0s: 100})"), HasSubstr("gain.gain_db = 100 dB"));
}

std::string ErrorOf(const v1::Expression& expression) {
  const auto graph = ToGraph(expression, {.sample_rate_hz = kRate, .input_channels = {1}}, {});
  EXPECT_EQ(graph.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(graph.status().message());
}

TEST(GraphTest, MessagesThatNoTextGivesAreRefusedToo) {
  v1::Expression many;
  for (int i = 0; i < 10'000; ++i) {
    many.mutable_chain()->add_steps()->mutable_call()->set_processor("gain");
  }
  EXPECT_THAT(ErrorOf(many), HasSubstr("at most 256 are allowed"));

  v1::Expression deep;
  v1::Expression* inner = &deep;
  for (int i = 0; i < 1000; ++i) inner = inner->mutable_list()->add_items();
  inner->mutable_input();
  EXPECT_THAT(ErrorOf(deep), HasSubstr("nesting depth"));

  v1::Expression doubled;
  for (int i = 0; i < 2; ++i) {
    v1::Definition& definition = *doubled.mutable_graph()->add_definitions();
    definition.set_name("a");
    definition.mutable_expression()->mutable_input();
  }
  doubled.mutable_graph()->add_outputs()->mutable_reference()->set_name("a");
  EXPECT_THAT(ErrorOf(doubled), HasSubstr("two nodes are named 'a'"));

  v1::Expression unknown;
  unknown.mutable_reference()->set_name("nobody");
  EXPECT_THAT(ErrorOf(unknown), HasSubstr("nothing is named 'nobody'"));

  v1::Expression wrong_port;
  wrong_port.mutable_call()->set_processor("gain");
  (*wrong_port.mutable_call()->mutable_arguments())["sidechain"].mutable_expression();
  EXPECT_THAT(ErrorOf(wrong_port), HasSubstr("sidechain"));

  v1::Expression fixed;
  fixed.mutable_call()->set_processor("highpass");
  (*fixed.mutable_call()->mutable_arguments())["order"]
      .mutable_expression()
      ->mutable_call()
      ->set_processor("lfo");
  EXPECT_THAT(ErrorOf(fixed), HasSubstr("highpass.order is fixed"));
}

TEST(GraphTest, WhatNobodyUsesIsReported) {
  const auto expression = ParseText("a = in | reverb()\nin | gain()", Registry::Global());
  const auto graph = ToGraph(*expression, {.sample_rate_hz = kRate, .input_channels = {1}}, {});
  ASSERT_TRUE(graph.ok()) << graph.status();
  ASSERT_EQ(graph->warnings.size(), 1u);
  EXPECT_THAT(graph->warnings[0], HasSubstr("'a' is defined, but nothing uses it"));
  EXPECT_EQ(graph->order.size(), 2u) << "and does not run";
}

}  // namespace
}  // namespace patchbay::testing
