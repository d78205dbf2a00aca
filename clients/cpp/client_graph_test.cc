// Descriptions that are graphs: names, several outputs, whole clips, curves, cancellation.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "clients/cpp/client_test_fixture.h"
#include "gtest/gtest.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST_F(ClientTest, InputsHaveNames) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 1000});
  const Clip half = Constant({.num_channels = 1, .num_frames = 1000}, 0.5f);
  const Clip out =
      ProcessOrDie(Text("music - speech"), {in, half}, {.input_names = {"music", "speech"}})
          .clips[0];
  EXPECT_EQ(out.channel(0)[999], in.channel(0)[999] - 0.5f);
}

TEST_F(ClientTest, GraphsAsMessages) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 1000}, 0.25f);
  GraphBuilder graph;
  const Expression twice = graph.Define("twice", 2 * Input(0));
  graph.Output(twice - Input(0) / 2);
  graph.Output(List({twice, twice | Call("invert")})[1]);
  const ProcessResult result = ProcessOrDie(graph, {in});
  ASSERT_EQ(result.clips.size(), 2);
  EXPECT_EQ(result.clips[0].channel(0)[999], 0.375f);
  EXPECT_EQ(result.clips[1].channel(0)[999], -0.5f);
}

TEST_F(ClientTest, OutputsMayBecomeKnownAtTheEnd) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 4800});
  const v1::Description pieces = Text("chop(mode=length, length_seconds=30ms) | reverse");
  const auto stream = OpenOrDie(pieces, {.input_channels = {1}, .compensate_latency = true});
  EXPECT_TRUE(stream->info().outputs_pending());
  EXPECT_FALSE(stream->outputs_are_known());
  const ProcessResult result = ProcessOrDie(pieces, {in});
  ASSERT_EQ(result.clips.size(), 4);
  EXPECT_EQ(result.clips[3].num_frames(), 480);
  EXPECT_EQ(result.clips[1].channel(0)[0], in.channel(0)[2879]);
}

TEST_F(ClientTest, OutputsMayHaveOtherLengthsAndRates) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 480'000});
  GraphBuilder graph;
  graph.Output(Call("gain"));
  graph.Output(Call("resample").Set("sample_rate_hz", 24000));
  const ProcessResult result = ProcessOrDie(graph, {in});
  ASSERT_EQ(result.clips.size(), 2);
  EXPECT_EQ(result.clips[0].num_frames(), 480'000);
  EXPECT_EQ(result.clips[1].num_frames(), 240'000);
  EXPECT_EQ(result.clips[1].sample_rate_hz(), 24000);
}

TEST_F(ClientTest, GeneratorsThatArePulledMayChangeTheirLength) {
  const ProcessResult result =
      ProcessOrDie(Text("oscillator | resample(24000)"), {}, {.num_frames = 4800});
  ASSERT_EQ(result.clips.size(), 1);
  EXPECT_EQ(result.clips[0].num_frames(), 2400);
}

TEST_F(ClientTest, ControlOutputsHaveTheRateOfTheirClip) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 4800});
  const ProcessResult result =
      ProcessOrDie(Text("[in, resample(sample_rate_hz=24000)] | envelope_follower()"), {in});
  ASSERT_EQ(result.controls.size(), 2);
  EXPECT_EQ(result.controls[0].sample_rate_hz, 48000);
  EXPECT_EQ(result.controls[1].sample_rate_hz, 24000);
  EXPECT_EQ(result.controls[1].values.size(), 2400);
}

TEST_F(ClientTest, CurvesMoveParametersInDescriptions) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 48000}, 0.5f);
  const v1::ControlSignal fade = CurveSignal({{0, 0}, {0.5, -20}});
  const Clip out = ProcessOrDie(Call("gain").Set("gain_db", fade), {in}).clips[0];
  EXPECT_NEAR(out.channel(0)[12000], 0.5 * std::pow(10, -0.5), 1e-4);
  EXPECT_NEAR(out.channel(0)[47999], 0.05, 1e-4);
}

TEST_F(ClientTest, CurvesMoveParametersWhileItRuns) {
  const Clip in = Constant({.num_channels = 2, .num_frames = 48000}, 0.5f);
  const auto stream = OpenOrDie(Text("gain(0)"));
  Clip out(48000, 2, 48000);
  const v1::ControlSignal fade = CurveSignal({{0, 0}, {0.5, -20}});
  ASSERT_TRUE(stream->Set("gain_db", fade, {.start_frame = 12000}).ok());
  ASSERT_TRUE(stream->Process(in.Frames(0, 48000), out.Frames(0, 48000)).ok());
  EXPECT_EQ(out.channel(0)[11999], 0.5f);
  EXPECT_NEAR(out.channel(0)[47999], 0.05, 1e-4);
  EXPECT_LT(out.channel(0)[24000], 0.3f);
  EXPECT_GT(out.channel(0)[24000], 0.1f);
}

TEST_F(ClientTest, SessionsThatChangeTheLengthAreRunWhole) {
  const Clip in = Constant({.num_channels = 2, .num_frames = 100}, 0.5f);
  Clip out(48000, 2, 100);
  const auto stream = OpenOrDie(Text("reverse"), {.compensate_latency = true});
  EXPECT_FALSE(stream->Process(in.Frames(0, 100), out.Frames(0, 100)).ok());
}

TEST_F(ClientTest, TellsOfProgressAndCanGiveUp) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 4'800'000});
  const v1::Description description = Text("shuffle(grain_seconds=20ms) | reverse");
  std::string node;
  const OnProgress give_up = [&node](const v1::Progress& progress) {
    node = progress.node();
    return node.empty() ? absl::OkStatus() : absl::CancelledError("enough");
  };
  const auto result = client_->Process(description, {in}, {.on_progress = give_up});
  EXPECT_TRUE(absl::IsCancelled(result.status())) << result.status();
  EXPECT_FALSE(node.empty());
}

TEST_F(ClientTest, TellsOfProgressWhileItStreams) {
  std::vector<double> parts;
  const OnProgress on_progress = [&parts](const v1::Progress& progress) {
    EXPECT_TRUE(progress.node().empty());
    parts.push_back(progress.fraction());
    return absl::OkStatus();
  };
  const Clip in = Noise({.num_channels = 1, .num_frames = 10'000});
  for (const auto& [description, inputs] :
       {std::pair{Text("delay(10ms)"), std::vector<Clip>{in}},
        std::pair{Text("noise(duration_seconds=10)"), std::vector<Clip>{}}}) {
    parts.clear();
    ProcessOrDie(description, inputs, {.chunk_frames = 1000, .on_progress = on_progress});
    ASSERT_GT(parts.size(), 2);
    EXPECT_TRUE(std::ranges::is_sorted(parts));
    EXPECT_EQ(parts.back(), 1);
  }
  const OnProgress give_up = [](const v1::Progress&) { return absl::CancelledError("enough"); };
  EXPECT_TRUE(
      absl::IsCancelled(client_->Process(Text("gain"), {in}, {.on_progress = give_up}).status()));
}

TEST_F(ClientTest, GivesUpAfterTheTimeout) {
  const ProcessOptions options = {.timeout = absl::Milliseconds(100),
                                  .num_frames = int64_t{1} << 50};
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      client_->Process(Text("noise | envelope_follower"), {}, options).status()));
  const auto stream =
      OpenOrDie(Text("noise"), {.input_channels = {}, .timeout = absl::Milliseconds(100)});
  const Sink sink = [](const AudioPiece&) { return absl::OkStatus(); };
  EXPECT_TRUE(absl::IsDeadlineExceeded(stream->Run(sink, int64_t{1} << 50)));
}

TEST_F(ClientTest, TextAndBuildersTogether) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 1000});
  const Clip expected = ProcessOrDie(Text("0.5 * in[0] | highpass(90Hz)"), {in}).clips[0];
  const Clip out =
      ProcessOrDie(0.5 * Text("in[0]") | Text("highpass(90Hz)") | Call("gain"), {in}).clips[0];
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(out.channel(0)[i], expected.channel(0)[i]);
}

TEST_F(ClientTest, AnotherThreadCanCancel) {
  const auto stream = OpenOrDie(Text("noise"), {.input_channels = {}});
  std::atomic<bool> has_begun = false;
  std::thread other([&] {
    has_begun.wait(false);
    stream->Cancel();
  });
  const Sink sink = [&has_begun](const AudioPiece&) {
    has_begun = true;
    has_begun.notify_one();
    return absl::OkStatus();
  };
  EXPECT_TRUE(absl::IsCancelled(stream->Run(sink, int64_t{1} << 50)));
  other.join();
}

}  // namespace
}  // namespace patchbay::testing
