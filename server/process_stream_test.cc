// What a stream does when all goes well.

#include <cmath>
#include <future>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/testing_call.h"
#include "server/testing_server.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;

class ProcessStreamTest : public ::testing::Test {
 protected:
  TestServer server_;
};

TEST_F(ProcessStreamTest, StreamsAndSaysHowMuch) {
  Call call(server_.stub());
  const v1::ProcessResponse ready = call.WriteAndRead(OpenRequest("scale(mult=2)"));
  ASSERT_TRUE(ready.has_ready());
  EXPECT_EQ(ready.ready().info().outputs(0).num_channels(), 1);
  EXPECT_EQ(ready.ready().info().latency_frames(), 0);
  EXPECT_EQ(ready.ready().info().controls(0).parameter(), "mult");

  const v1::ProcessResponse first = call.WriteAndRead(Audio(0, {1, 2, 3}));
  EXPECT_THAT(Floats(first.audio().samples()), ElementsAre(2, 4, 6));
  const v1::ProcessResponse second = call.WriteAndRead(Audio(3, {-0.5}));
  EXPECT_EQ(second.audio().start_frame(), 3);
  EXPECT_THAT(Floats(second.audio().samples()), ElementsAre(-1));

  const v1::ProcessResponse end = call.WriteAndRead(EndRequest({4}));
  ASSERT_TRUE(end.has_end());
  EXPECT_THAT(end.end().frames(), ElementsAre(4));
  EXPECT_EQ(end.end().report().statistics().frames(), 4);
  EXPECT_EQ(end.end().report().statistics().chunks(), 2);
  EXPECT_EQ(end.end().report().text_sha256().size(), 64u);
  EXPECT_TRUE(call.Finish().ok());
}

TEST_F(ProcessStreamTest, ControlChangesLandOnTheirFrame) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("oscillator(waveform=square, frequency_hz=1) | invert()", 1, 0));
  call.Write(FlushRequest());
  EXPECT_TRUE(call.Read().has_flushed());  // endless: nothing to drain

  Call scale(server_.stub());
  scale.WriteAndRead(OpenRequest("scale(mult=1, offset=0)"));
  v1::ProcessRequest change;
  change.mutable_control()->set_parameter("mult");
  change.mutable_control()->set_start_frame(5000);
  change.mutable_control()->mutable_signal()->set_constant(-1);
  scale.Write(change);
  const std::vector<float> out =
      Floats(scale.WriteAndRead(Audio(0, std::vector<float>(9000, 1.0f))).audio().samples());
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(out[i], 1.0f) << i;
  EXPECT_EQ(out.back(), -1.0f);

  change.mutable_control()->set_start_frame(10);
  scale.Write(change);
  EXPECT_EQ(scale.Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(ProcessStreamTest, FlushDrainsTheTailAndStartsAnew) {
  Call call(server_.stub());
  const v1::ProcessResponse ready =
      call.WriteAndRead(OpenRequest("delay(delay_seconds=0.01, feedback=0, mix=1)"));
  const int64_t tail = ready.ready().info().tail_frames();
  EXPECT_GE(tail, 480);
  for (int round = 0; round < 2; ++round) {
    std::vector<float> out =
        Floats(call.WriteAndRead(Audio(0, std::vector<float>(100, 1.0f))).audio().samples());
    call.Write(FlushRequest());
    v1::ProcessResponse response = call.Read();
    for (; response.has_audio(); response = call.Read()) {
      EXPECT_EQ(response.audio().start_frame(), static_cast<int64_t>(out.size()));
      const std::vector<float> more = Floats(response.audio().samples());
      out.insert(out.end(), more.begin(), more.end());
    }
    EXPECT_THAT(response.flushed().output_frames(), ElementsAre(100 + tail));
    ASSERT_EQ(static_cast<int64_t>(out.size()), 100 + tail);
    EXPECT_EQ(out[479], 0.0f);
    EXPECT_EQ(out[480], 1.0f);
  }
}

TEST_F(ProcessStreamTest, LatencyIsCompensatedWhenAskedFor) {
  const std::string text = "fade(in_seconds=0, out_seconds=0.01)";
  for (const bool compensate : {false, true}) {
    Call call(server_.stub());
    v1::ProcessRequest open = OpenRequest(text);
    open.mutable_open()->mutable_options()->set_compensate_latency(compensate);
    const v1::ProcessResponse ready = call.WriteAndRead(open);
    EXPECT_EQ(ready.ready().info().latency_frames(), compensate ? 0 : 480);
    call.Write(Audio(0, std::vector<float>(1000, 1.0f)));
    call.Write(FlushRequest());
    std::vector<float> out;
    v1::ProcessResponse response = call.Read();
    for (; response.has_audio(); response = call.Read()) {
      const std::vector<float> more = Floats(response.audio().samples());
      out.insert(out.end(), more.begin(), more.end());
    }
    EXPECT_EQ(out.size(), compensate ? 1000u : 1480u);
    EXPECT_EQ(out[compensate ? 0 : 480], 1.0f);
    EXPECT_LT(std::abs(out.back()), 0.01f);
  }
}

TEST_F(ProcessStreamTest, SeveralInputsMayComeInAnyOrder) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("mix(weights=[1, 10])", 1, 2));
  call.Write(Audio(0, {1, 2, 3, 4}, 1));
  v1::ProcessResponse out = call.WriteAndRead(Audio(0, {1, 1}, 0));
  EXPECT_THAT(Floats(out.audio().samples()), ElementsAre(11, 21));
  out = call.WriteAndRead(FlushRequest());  // the shorter input is followed by silence
  EXPECT_THAT(Floats(out.audio().samples()), ElementsAre(30, 40));
  call.Read();
  EXPECT_TRUE(call.WriteAndRead(EndRequest({2, 4})).has_end());
  EXPECT_TRUE(call.Finish().ok());
}

TEST_F(ProcessStreamTest, InterleavedAndIntegerEncodings) {
  v1::ProcessRequest open = OpenRequest("invert()", 2);
  open.mutable_open()->mutable_inputs(0)->set_encoding(v1::SAMPLE_ENCODING_FLOAT32_INTERLEAVED);
  open.mutable_open()->mutable_options()->set_output_encoding(
      v1::SAMPLE_ENCODING_INT16_INTERLEAVED);
  Call call(server_.stub());
  call.WriteAndRead(open);
  const std::string bytes =
      call.WriteAndRead(Audio(0, {0.5f, 0.25f, 2.0f, -1.0f})).audio().samples();
  int16_t out[4];
  ASSERT_EQ(bytes.size(), sizeof(out));
  std::memcpy(out, bytes.data(), sizeof(out));
  EXPECT_THAT(out, ElementsAre(-16384, -8192, -32768, 32767));
}

TEST_F(ProcessStreamTest, GeneratorsArePulled) {
  Call call(server_.stub());
  const v1::ProcessResponse ready =
      call.WriteAndRead(OpenRequest("oscillator(duration_seconds=0.01)", 1, 0));
  EXPECT_EQ(ready.ready().info().length_frames(), 480);
  v1::ProcessRequest pull;
  pull.mutable_pull()->set_num_frames(400);
  EXPECT_EQ(call.WriteAndRead(pull).audio().samples().size(), 400u * 4);
  EXPECT_EQ(call.WriteAndRead(pull).audio().samples().size(), 80u * 4);
  EXPECT_TRUE(call.WriteAndRead(EndRequest({})).has_end());
  EXPECT_TRUE(call.Finish().ok());
}

TEST_F(ProcessStreamTest, ControlOutputsComeBack) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("envelope_follower()"));
  const v1::ProcessResponse response = call.WriteAndRead(Audio(0, std::vector<float>(100, 0.5f)));
  ASSERT_TRUE(response.has_control());
  EXPECT_EQ(Floats(response.control().values()).size(), 100u);
}

TEST_F(ProcessStreamTest, ManyStreamsAtOnceAllGetTheirOwnAnswer) {
  std::vector<std::future<bool>> results;
  for (int n = 0; n < 16; ++n) {
    results.push_back(std::async(std::launch::async, [this, n] {
      const auto stub = server_.NewStub();
      Call call(*stub);
      call.WriteAndRead(OpenRequest("scale(mult=" + std::to_string(n) + ")"));
      int64_t position = 0;
      for (int i = 0; i < 50; ++i) {
        const int frames = 1 + (i * 37 + n) % 3000;
        const auto out = Floats(
            call.WriteAndRead(Audio(position, std::vector<float>(frames, 1.0f))).audio().samples());
        if (out != std::vector<float>(frames, static_cast<float>(n))) return false;
        position += frames;
      }
      return call.WriteAndRead(EndRequest({position})).has_end() && call.Finish().ok();
    }));
  }
  for (auto& result : results) EXPECT_TRUE(result.get());
}

}  // namespace
}  // namespace patchbay::testing
