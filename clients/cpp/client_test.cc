#include <cmath>
#include <limits>
#include <string>

#include "absl/strings/match.h"
#include "clients/cpp/client_test_fixture.h"
#include "gtest/gtest.h"
#include "processors/core/errors.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST_F(ClientTest, ProcessesWholeClips) {
  const Clip in = Noise({.num_frames = 300'000});
  const RunResult expected = RunOrDie("gain", {{"gain_db", -6.0}}, {in});
  for (int chunk_frames : {0, 1000, 300'000}) {
    const ProcessResult result =
        ProcessOrDie(Text("gain(-6dB)"), {in}, {.chunk_frames = chunk_frames});
    ASSERT_EQ(result.clips.size(), 1);
    ExpectEqual(result.clips[0], expected.outs[0]);
    EXPECT_EQ(result.report.text(), "gain(gain_db=-6)");
    EXPECT_EQ(result.report.statistics().frames(), 300'000);
  }
}

TEST_F(ClientTest, TakesDescriptionsAsMessages) {
  const Clip in = Noise({});
  const ProcessResult result = ProcessOrDie(Call("gain").Set("gain_db", -6) | Call("invert"), {in});
  EXPECT_EQ(result.report.text(), "gain(gain_db=-6) | invert()");
}

TEST_F(ClientTest, IncludesTheTailUnlessAskedNotTo) {
  const Clip in = Impulse({.num_channels = 1, .num_frames = 100});
  const v1::Description delay = Text("delay(10ms, feedback=0, mix=1)");
  const Clip with_tail = ProcessOrDie(delay, {in}).clips[0];
  ASSERT_EQ(with_tail.num_frames(), 100 + 480);
  EXPECT_NEAR(with_tail.channel(0)[480], 1, 1e-6);
  EXPECT_EQ(ProcessOrDie(delay, {in}, {.exclude_tail = true}).clips[0].num_frames(), 100);
}

TEST_F(ClientTest, CompensatesLatency) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 9600}, 0.5f);
  const Clip out = ProcessOrDie(Text("fade(in_seconds=0, out_seconds=0.1)"), {in}).clips[0];
  ASSERT_EQ(out.num_frames(), 9600);
  EXPECT_EQ(out.channel(0)[0], 0.5f);
  EXPECT_LT(out.channel(0)[9599], 0.01f);
}

TEST_F(ClientTest, PadsTheShorterInputs) {
  const Clip longer = Constant({.num_channels = 1, .num_frames = 200'000}, 0.25f);
  const Clip shorter = Constant({.num_channels = 1, .num_frames = 1000}, 0.5f);
  const Clip out = ProcessOrDie(Text("mix(weights=[1, 1])"), {longer, shorter}).clips[0];
  ASSERT_EQ(out.num_frames(), 200'000);
  EXPECT_EQ(out.channel(0)[999], 0.75f);
  EXPECT_EQ(out.channel(0)[1000], 0.25f);
  EXPECT_EQ(out.channel(0)[199'999], 0.25f);
}

TEST_F(ClientTest, CarriesClips) {
  const Clip in = Noise({.num_channels = 1});
  const Clip impulse = Impulse({.num_channels = 1, .num_frames = 100}, 7);
  const Clip out =
      ProcessOrDie(Text("convolution(@hall)"), {in}, {.clips = {{"hall", &impulse}}}).clips[0];
  ASSERT_GE(out.num_frames(), in.num_frames());
  EXPECT_NEAR(out.channel(0)[1007], in.channel(0)[1000], 1e-5);
}

TEST_F(ClientTest, TakesWhatGeneratorsPutOut) {
  EXPECT_EQ(ProcessOrDie(Text("oscillator(duration_seconds=0.5)"), {}).clips[0].num_frames(),
            24'000);
  const Clip all = ProcessOrDie(Text("noise"), {}, {.num_frames = 100'000}).clips[0];
  EXPECT_EQ(all.num_frames(), 100'000);
  const Clip delayed =
      ProcessOrDie(Text("noise | fade(out_seconds=0)"), {}, {.num_frames = 1000}).clips[0];
  EXPECT_EQ(delayed.num_frames(), 1000);
  EXPECT_EQ(client_->Process(Text("noise"), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ClientTest, ReturnsControlCurves) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 10'000}, 0.5f);
  const ProcessResult result = ProcessOrDie(Text("envelope_follower"), {in});
  ASSERT_EQ(result.controls.size(), 1);
  EXPECT_TRUE(absl::StartsWith(result.controls[0].name, "envelope_follower."));
  EXPECT_EQ(result.controls[0].start_frame, 0);
  EXPECT_EQ(result.controls[0].values.size() * result.controls[0].frames_per_value, 10'000);
}

TEST_F(ClientTest, StreamsInChunksOfAnyLength) {
  const Clip in = Noise({.num_frames = 20'000});
  const Clip expected = ProcessOrDie(Text("delay(10ms, feedback=0.5)"), {in}).clips[0];
  const auto stream = OpenOrDie(Text("delay(10ms, feedback=0.5)"));
  EXPECT_EQ(stream->latency_frames(), 0);
  Clip out(48000, 2, expected.num_frames());
  int64_t position = 0;
  for (int count : {1, 7, 64, 3000, 10'000, 6928}) {
    ASSERT_TRUE(stream->Process(in.Frames(position, count), out.Frames(position, count)).ok());
    position += count;
    ASSERT_EQ(stream->position_frames(), position);
  }
  const auto tail = stream->Flush();
  ASSERT_TRUE(tail.ok()) << tail.status();
  ASSERT_EQ((*tail)[0].num_frames(), stream->tail_frames());
  Copy((*tail)[0].Frames(0, stream->tail_frames()), out.Frames(position, stream->tail_frames()));
  ExpectEqual(out, expected);
  const auto report = stream->Close();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->text(), "delay(delay_seconds=0.01, feedback=0.5)");
  EXPECT_EQ(stream->Reset().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ClientTest, CutsWhatIsLongerThanAMessage) {
  const Clip in = Noise({.num_frames = 2'000'000});
  const auto stream = OpenOrDie(Text("gain(0)"));
  Clip out(48000, 2, in.num_frames());
  ASSERT_TRUE(stream->Process(in.Frames(0, 2'000'000), out.Frames(0, 2'000'000)).ok());
  ExpectEqual(out, in);
}

TEST_F(ClientTest, StreamsFromGenerators) {
  const auto stream = OpenOrDie(Text("oscillator(duration_seconds=0.1)"), {.input_channels = {}});
  Clip out(48000, 1, 4000);
  const Block block = out.Frames(0, 4000);
  EXPECT_EQ(*stream->Generate({&block, 1}), 4000);
  EXPECT_EQ(*stream->Generate({&block, 1}), 800);
  EXPECT_EQ(*stream->Generate({&block, 1}), 0);
}

TEST_F(ClientTest, SetsParametersWhileItRuns) {
  const Clip in = Constant({.num_channels = 2, .num_frames = 4800}, 0.5f);
  const auto stream = OpenOrDie(Text("gain(0)"));
  Clip out(48000, 2, 4800);
  ASSERT_TRUE(stream->Set("gain_db", -120, {.start_frame = 100}).ok());
  ASSERT_TRUE(stream->Process(in.Frames(0, 4800), out.Frames(0, 4800)).ok());
  EXPECT_EQ(out.channel(0)[99], 0.5f);
  EXPECT_NEAR(out.channel(0)[4799], 0, 1e-5);
  ASSERT_TRUE(stream->Reset().ok());
  EXPECT_EQ(stream->position_frames(), 0);
  ASSERT_TRUE(stream->Process(in.Frames(0, 100), out.Frames(0, 100)).ok());
  EXPECT_EQ(out.channel(0)[99], 0.5f);
}

TEST_F(ClientTest, WaitsForControlsToo) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 1000}, 0.5f);
  const auto stream = OpenOrDie(Text("envelope_follower"), {.input_channels = {1}});
  const ConstBlock block = in.Frames(0, 1000);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(stream->Process({&block, 1}, {}).ok());
    const std::vector<ControlCurve> curves = stream->TakeControls();
    ASSERT_EQ(curves.size(), 1);
    EXPECT_EQ(curves[0].start_frame, 1000 * i);
    EXPECT_EQ(curves[0].values.size() * curves[0].frames_per_value, 1000);
  }
}

TEST_F(ClientTest, ControlsComeAsMuchLaterAsTheirLatency) {
  const Clip in = Constant({.num_channels = 1, .num_frames = 1000}, 0.5f);
  const auto stream =
      OpenOrDie(Text("fade(out_seconds=0.01) | envelope_follower"), {.input_channels = {1}});
  const ConstBlock few = in.Frames(0, 100);
  ASSERT_TRUE(stream->Process({&few, 1}, {}).ok());
  EXPECT_TRUE(stream->TakeControls().empty());
  const ConstBlock more = in.Frames(0, 1000);
  ASSERT_TRUE(stream->Process({&more, 1}, {}).ok());
  const std::vector<ControlCurve> curves = stream->TakeControls();
  ASSERT_EQ(curves.size(), 1);
  EXPECT_EQ(curves[0].start_frame, 0);
  EXPECT_EQ(curves[0].values.size() * curves[0].frames_per_value, 100 + 1000 - 480);
}

TEST_F(ClientTest, LatencyIsReportedAndKeptInLiveOperation) {
  const v1::Description fade = Text("fade(in_seconds=0, out_seconds=0.01)");
  const Clip in = Constant({.num_channels = 2, .num_frames = 1000}, 0.5f);
  Clip out(48000, 2, 1000);
  const auto live = OpenOrDie(fade);
  EXPECT_EQ(live->latency_frames(), 480);
  ASSERT_TRUE(live->Process(in.Frames(0, 1000), out.Frames(0, 1000)).ok());
  EXPECT_EQ(out.channel(0)[479], 0);
  EXPECT_EQ(out.channel(0)[480], 0.5f);
  const auto compensated = OpenOrDie(fade, {.compensate_latency = true});
  EXPECT_EQ(compensated->Process(in.Frames(0, 1000), out.Frames(0, 1000)).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(ClientTest, AttachesAndOpensCheckpoints) {
  const Clip in = Noise({.num_frames = 3000});
  const v1::Description delay = Text("delay(10ms, feedback=0.5)");
  const Clip expected = ProcessOrDie(delay, {in}).clips[0];
  const auto session = client_->CreateSession(ToConfig(delay, {}));
  ASSERT_TRUE(session.ok()) << session.status();
  Clip out(48000, 2, 3000);
  {
    auto stream = client_->Attach(session->name());
    ASSERT_TRUE(stream.ok()) << stream.status();
    ASSERT_TRUE((*stream)->Process(in.Frames(0, 1000), out.Frames(0, 1000)).ok());
    ASSERT_TRUE((*stream)->Close().ok());
  }
  EXPECT_EQ(client_->GetSession(session->name())->position_frames(), 1000);
  EXPECT_EQ(client_->ListSessions()->size(), 1);
  v1::SessionConfig config;
  config.set_checkpoint(*client_->CheckpointSession(session->name()));
  {
    auto stream = client_->Attach(session->name());
    ASSERT_TRUE(stream.ok()) << stream.status();
    EXPECT_EQ((*stream)->position_frames(), 1000);
    ASSERT_TRUE((*stream)->Process(in.Frames(1000, 2000), out.Frames(1000, 2000)).ok());
    ASSERT_TRUE((*stream)->Close().ok());
  }
  auto stream = client_->Open(config);
  ASSERT_TRUE(stream.ok()) << stream.status();
  Clip again(48000, 2, 3000);
  ASSERT_TRUE((*stream)->Process(in.Frames(1000, 2000), again.Frames(1000, 2000)).ok());
  for (int i = 0; i < 3000; ++i) {
    ASSERT_EQ(out.channel(1)[i], expected.channel(1)[i]);
    if (i >= 1000) {
      ASSERT_EQ(again.channel(1)[i], expected.channel(1)[i]);
    }
  }
  EXPECT_TRUE(client_->DeleteSession(session->name()).ok());
  EXPECT_EQ(client_->Attach(session->name()).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ClientTest, HasTheCatalogue) {
  const auto processors = client_->ListProcessors();
  ASSERT_TRUE(processors.ok()) << processors.status();
  EXPECT_GT(processors->size(), 10);
  EXPECT_EQ(client_->GetProcessor("gain")->parameters(0).name(), "gain_db");
  const auto valid = client_->Validate(ToConfig(Text("gain"), {}));
  ASSERT_TRUE(valid.ok()) << valid.status();
  EXPECT_EQ(valid->text(), "gain()");
}

TEST_F(ClientTest, ErrorsAreTheServersWithTheirDetail) {
  const absl::Status status = client_->Process(Text("gain(gain_db=100)"), {Noise({})}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(status).path, "gain.gain_db");
  EXPECT_TRUE(absl::StrContains(status.message(), "60 dB")) << status;
}

TEST_F(ClientTest, AnErrorEndsTheStream) {
  Clip in = Noise({.num_frames = 10});
  in.channel(0)[3] = std::numeric_limits<float>::quiet_NaN();
  Clip out(48000, 2, 10);
  const auto stream = OpenOrDie(Text("gain"));
  const absl::Status status = stream->Process(in.Frames(0, 10), out.Frames(0, 10));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(stream->Flush().status(), status);
}

TEST_F(ClientTest, WrongShapesAreRefusedAndDoNoHarm) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 10});
  Clip out(48000, 2, 10);
  const auto stream = OpenOrDie(Text("gain"));
  EXPECT_EQ(stream->Process(in.Frames(0, 10), out.Frames(0, 10)).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(stream->Process(out.Frames(0, 10), out.Frames(0, 10)).ok());
}

TEST_F(ClientTest, ASourceMayGiveWhatItHas) {
  const auto stream = OpenOrDie(Text("gain"), {.input_channels = {1}});
  int left = 5;
  int64_t received = 0;
  const Source source = [&left](std::span<const Block> ins) -> absl::StatusOr<int> {
    Fill(ins[0], 0.5f);
    return left-- > 0 ? 100 + left : 0;
  };
  ASSERT_TRUE(stream
                  ->Run(source,
                        [&received](const AudioPiece& piece) {
                          received += piece.num_frames();
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_EQ(received, 510);
  EXPECT_TRUE(stream->Close().ok());
}

TEST_F(ClientTest, AServerThatGoesAwayIsAnError) {
  const Clip in = Noise({.num_frames = 10});
  Clip out(48000, 2, 10);
  const auto stream = OpenOrDie(Text("gain"));
  ASSERT_TRUE(stream->Process(in.Frames(0, 10), out.Frames(0, 10)).ok());
  server_.reset();
  EXPECT_FALSE(stream->Process(in.Frames(0, 10), out.Frames(0, 10)).ok());
  const absl::Status status = Client::Connect("unix:" + directory_ + "/socket").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(status.message(), directory_)) << status;
}

TEST_F(ClientTest, WorksWithinTheProcess) {
  Client client(server_->InProcessChannel());
  const auto result = client.Process(Text("gain"), {Noise({})});
  EXPECT_TRUE(result.ok()) << result.status();
}

TEST(ClientAddressTest, WhatIsNoAddressIsRefused) {
  for (const char* address : {"", "host", "unix:", ":80", "host:"}) {
    EXPECT_EQ(Client::Connect(address).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace patchbay::testing
