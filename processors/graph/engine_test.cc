#include "processors/graph/engine.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/core/errors.h"
#include "processors/graph/text_form.h"
#include "tests/testing/signals.h"

namespace patchbay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<std::shared_ptr<const Plan>> MakePlan(const std::string& text,
                                                     std::vector<int> input_channels = {1},
                                                     const PlanLimits& limits = {}) {
  PATCHBAY_ASSIGN_OR_RETURN(const v1::Expression expression, ParseText(text, Registry::Global()));
  return Plan::Create(
      expression, {.sample_rate_hz = 48000, .input_channels = std::move(input_channels)}, limits);
}

std::string ErrorOf(const std::string& text, std::vector<int> input_channels = {1}) {
  const auto plan = MakePlan(text, std::move(input_channels));
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(plan.status().message());
}

// All outputs, first channels, of clips of equal length, latency and tail included.
std::vector<std::vector<float>> Render(const std::string& text, const std::vector<Clip>& clips) {
  std::vector<int> channels;
  for (const Clip& clip : clips) channels.push_back(clip.num_channels());
  const auto plan = MakePlan(text, channels);
  if (!plan.ok()) {
    ADD_FAILURE() << plan.status();
    return {};
  }
  const std::unique_ptr<Engine> engine = *Engine::Create(*plan);
  const int frames = static_cast<int>(clips[0].num_frames());
  const int rest = static_cast<int>((*plan)->latency_frames + (*plan)->tail_frames);
  std::vector<Clip> outs;
  std::vector<Block> first, second;
  std::vector<ConstBlock> ins;
  for (const Clip& clip : clips) ins.push_back(clip.Frames(0, frames));
  for (const int edge : (*plan)->outputs) {
    outs.emplace_back(48000, (*plan)->edges[edge].num_channels, frames + rest);
  }
  for (Clip& out : outs) {
    first.push_back(out.Frames(0, frames));
    second.push_back(out.Frames(frames, rest));
  }
  EXPECT_TRUE(engine->Process(ins, first, {}, frames).ok());
  engine->End();
  EXPECT_EQ(engine->frames_to_drain(), rest);
  if (rest > 0) engine->Drain(second, {}, rest);
  std::vector<std::vector<float>> result;
  for (const Clip& out : outs) result.emplace_back(out.channel(0).begin(), out.channel(0).end());
  return result;
}

Clip Ramp(float first, int frames = 4) {
  Clip clip(48000, 1, frames);
  for (int i = 0; i < frames; ++i) clip.channel(0)[i] = first + i;
  return clip;
}

TEST(EngineTest, AChainRunsInOrder) {
  EXPECT_THAT(Render("scale(mult=2) | scale(offset=1) | invert()", {Ramp(1)}),
              ElementsAre(ElementsAre(-3, -5, -7, -9)));
}

TEST(EngineTest, ASimpleProcessorIsMultiplexedAndAMixerTakesAll) {
  EXPECT_THAT(Render("scale(mult=2)", {Ramp(1), Ramp(10)}),
              ElementsAre(ElementsAre(2, 4, 6, 8), ElementsAre(20, 22, 24, 26)));
  EXPECT_THAT(Render("scale(mult=2) | mix(weights=[1, 1])", {Ramp(1), Ramp(10)}),
              ElementsAre(ElementsAre(22, 26, 30, 34)));
}

TEST(EngineTest, AnInputMayBeReadTwice) {
  // A mutator must not spoil what the sidechain still reads.
  const Clip loud = testing::Constant({.num_channels = 1, .num_frames = 2000}, 1.0f);
  const auto ducked =
      Render("in[0] | scale(mult=0.001) | compressor(threshold_db=-20, ratio=10, sidechain=in[0])",
             {loud});
  EXPECT_LT(ducked[0].back(), 0.0005f);
  EXPECT_GT(ducked[0].front(), 0.0005f);
}

TEST(EngineTest, PassesAnInputThrough) {
  EXPECT_THAT(Render("in", {Ramp(1)}), ElementsAre(ElementsAre(1, 2, 3, 4)));
}

TEST(EngineTest, BranchesOfDifferentLatencyAreAligned) {
  // Fading out needs look-ahead; the sidechain comes straight from the input.
  const auto plan =
      MakePlan("in[0] | fade(in_seconds=0, out_seconds=0.01) | compressor(sidechain=in[0])");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ((*plan)->latency_frames, 480);
  int delays = 0;
  for (const Plan::Step& step : (*plan)->steps) {
    if (step.node < 0) {
      ++delays;
      EXPECT_EQ(step.delay_frames, 480);
    }
  }
  EXPECT_EQ(delays, 1);
}

TEST(EngineTest, ErrorsNameTheNodeAndWhatToDo) {
  EXPECT_THAT(ErrorOf("gian()"), HasSubstr("did you mean 'gain'?"));
  EXPECT_THAT(ErrorOf("gain() | gain(gain_db=500)"), HasSubstr("gain_2.gain_db = 500 dB"));
  EXPECT_THAT(ErrorOf("gain() | oscillator()"), HasSubstr("can only start a chain"));
  EXPECT_THAT(ErrorOf("gain()", {}), HasSubstr("give an input"));
  EXPECT_THAT(ErrorOf("in[2] | gain()"), HasSubstr("in[2] does not exist"));
  EXPECT_THAT(ErrorOf("in[0] | gain()", {1, 1}), HasSubstr("input 1 is not used"));
  EXPECT_THAT(ErrorOf("convolution(impulse=@hall)"), HasSubstr("no clip named 'hall'"));
  EXPECT_THAT(ErrorOf("gain()", {65}), HasSubstr("1 to 64 channels"));
}

TEST(EngineTest, LimitsAreCheckedBeforeAnythingIsAllocated) {
  std::string chain = "gain()";
  for (int i = 0; i < 100; ++i) chain += " | gain()";
  EXPECT_EQ(MakePlan(chain, {1}, {.max_nodes = 100}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MakePlan("delay(delay_seconds=20)", {64}, {.max_bytes = 1 << 20}).status().code(),
            absl::StatusCode::kResourceExhausted);
  v1::Expression deep;
  v1::Expression* inner = &deep;
  for (int i = 0; i < 1000; ++i) inner = inner->mutable_chain()->add_steps();
  inner->mutable_call()->set_processor("gain");
  const auto plan = Plan::Create(deep, {.sample_rate_hz = 48000, .input_channels = {1}}, {});
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("nesting depth"));
}

TEST(EngineTest, NonFiniteInputChangesNothing) {
  const std::unique_ptr<Engine> engine = *Engine::Create(*MakePlan("gain()"));
  Clip clip = Ramp(1, 1000);
  clip.channel(0)[700] = std::numeric_limits<float>::infinity();
  const ConstBlock in = std::as_const(clip).Frames(0, 1000);
  Clip out_clip(48000, 1, 1000);
  const Block out = out_clip.Frames(0, 1000);
  const absl::Status status = engine->Process({&in, 1}, {&out, 1}, {}, 1000);
  EXPECT_THAT(std::string(status.message()), HasSubstr("frame 700, channel 0"));
  EXPECT_EQ(engine->position_frames(), 0);
}

TEST(EngineTest, ControlsAreFoundByNodeOrByNameAlone) {
  const std::unique_ptr<Engine> engine = *Engine::Create(*MakePlan("gain() | scale() | gain()"));
  EXPECT_TRUE(engine->SetControl("", "mult", 0.5, {}).ok());
  EXPECT_TRUE(engine->SetControl("gain_2", "gain_db", -3, 100).ok());
  const auto error = [&](const char* node, const char* parameter, double value) {
    return std::string(engine->SetControl(node, parameter, value, {}).message());
  };
  EXPECT_THAT(error("", "gain_db", 0), HasSubstr("both gain and gain_2"));
  EXPECT_THAT(error("gian", "gain_db", 0), HasSubstr("did you mean 'gain'?"));
  EXPECT_THAT(error("gain", "gain", 0), HasSubstr("did you mean 'gain_db'?"));
  EXPECT_THAT(error("gain", "gain_db", 500), HasSubstr("-120 to 60 dB"));
  const std::unique_ptr<Engine> filter = *Engine::Create(*MakePlan("highpass()"));
  EXPECT_THAT(std::string(filter->SetControl("", "order", 3, {}).message()), HasSubstr("fixed"));
}

}  // namespace
}  // namespace patchbay
