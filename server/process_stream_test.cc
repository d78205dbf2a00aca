#include <grpcpp/generic/generic_stub.h>

#include <cmath>
#include <cstring>
#include <future>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/testing_server.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::ProcessRequest OpenRequest(const std::string& text, int num_channels = 1, int num_inputs = 1) {
  v1::ProcessRequest request;
  v1::SessionConfig& config = *request.mutable_open();
  config.mutable_description()->set_text(text);
  for (int i = 0; i < num_inputs; ++i) {
    v1::AudioFormat& format = *config.add_inputs();
    format.set_sample_rate_hz(48000);
    format.set_num_channels(num_channels);
  }
  return request;
}

std::string Bytes(const std::vector<float>& samples) {
  return {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float)};
}

std::vector<float> Floats(const std::string& bytes) {
  std::vector<float> samples(bytes.size() / sizeof(float));
  std::memcpy(samples.data(), bytes.data(), bytes.size());
  return samples;
}

v1::ProcessRequest Audio(int64_t start_frame, const std::vector<float>& samples, int stream = 0) {
  v1::ProcessRequest request;
  request.mutable_audio()->set_start_frame(start_frame);
  request.mutable_audio()->set_stream(stream);
  request.mutable_audio()->set_samples(Bytes(samples));
  return request;
}

v1::ProcessRequest EndRequest(std::vector<int64_t> frames) {
  v1::ProcessRequest request;
  request.mutable_end()->mutable_frames()->Assign(frames.begin(), frames.end());
  return request;
}

v1::ProcessRequest FlushRequest() {
  v1::ProcessRequest request;
  request.mutable_flush();
  return request;
}

// One call of Process.
class Call {
 public:
  explicit Call(v1::Patchbay::Stub& stub) : stream_(stub.Process(&context_)) {}

  void Write(const v1::ProcessRequest& request) { stream_->Write(request); }

  // The next response; an empty one at the end of the stream.
  v1::ProcessResponse Read() {
    v1::ProcessResponse response;
    if (!stream_->Read(&response)) response.Clear();
    return response;
  }

  v1::ProcessResponse WriteAndRead(const v1::ProcessRequest& request) {
    Write(request);
    return Read();
  }

  // Reads what is left and returns the status of the call.
  grpc::Status Finish() {
    stream_->WritesDone();
    while (Read().kind_case() != v1::ProcessResponse::KIND_NOT_SET) {
    }
    return stream_->Finish();
  }

  grpc::ClientContext& context() { return context_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ProcessRequest, v1::ProcessResponse>> stream_;
};

class ProcessStreamTest : public ::testing::Test {
 protected:
  std::string CreateSession(const std::string& text, double lease_seconds = 60) {
    grpc::ClientContext context;
    v1::CreateSessionRequest request;
    *request.mutable_config() = OpenRequest(text).open();
    auto& lease = *request.mutable_config()->mutable_lease();
    lease.set_seconds(static_cast<int64_t>(lease_seconds));
    lease.set_nanos(static_cast<int>((lease_seconds - std::floor(lease_seconds)) * 1e9));
    v1::Session session;
    const grpc::Status status = server_.stub().CreateSession(&context, request, &session);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return session.name();
  }

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

TEST_F(ProcessStreamTest, GapAndOverlapNameBothFrames) {
  for (const int64_t start : {4, 2}) {
    Call call(server_.stub());
    call.WriteAndRead(OpenRequest("gain()"));
    call.WriteAndRead(Audio(0, {1, 2, 3}));
    call.Write(Audio(start, {1}));
    const grpc::Status status = call.Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
    EXPECT_THAT(status.error_message(), HasSubstr("frame 3"));
    EXPECT_THAT(status.error_message(), HasSubstr(std::to_string(start)));
  }
}

TEST_F(ProcessStreamTest, ClosingWithoutEndIsDataLoss) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.WriteAndRead(Audio(0, {1, 2, 3}));
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::DATA_LOSS);
}

TEST_F(ProcessStreamTest, AnEndThatCountsWrongIsDataLoss) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.WriteAndRead(Audio(0, {1, 2, 3}));
  call.Write(EndRequest({2}));
  const grpc::Status status = call.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_THAT(status.error_message(), HasSubstr("[2]"));
}

TEST_F(ProcessStreamTest, NanIsRefusedWithItsFrame) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.Write(Audio(0, {1, std::numeric_limits<float>::quiet_NaN()}));
  const grpc::Status status = call.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("frame 1"));
}

TEST_F(ProcessStreamTest, AMalformedMessageIsInvalidAndLeavesTheServerRunning) {
  grpc::GenericStub raw(
      grpc::CreateChannel(server_.server().address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  auto call = raw.PrepareCall(&context, "/patchbay.v1.Patchbay/Process", &queue);
  const auto wait = [&queue] {
    void* tag;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  call->StartCall(nullptr);
  ASSERT_TRUE(wait());
  const grpc::Slice nonsense("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", 12);
  call->Write(grpc::ByteBuffer(&nonsense, 1), nullptr);
  ASSERT_TRUE(wait());
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  queue.Shutdown();

  Call next(server_.stub());
  EXPECT_TRUE(next.WriteAndRead(OpenRequest("gain()")).has_ready());
}

TEST_F(ProcessStreamTest, BadDescriptionsSayWhatToDo) {
  const struct {
    const char* text;
    const char* hint;
  } kCases[] = {
      {"gian()", "gain"},
      {"gain(gain_db=500)", "-120 to 60"},
      {"gain(gain_bd=5)", "gain_db"},
      {"", ""},
      {"gain() |", ""},
      {"lowpass(cutoff_hz=30000)", "cutoff_hz"},
  };
  for (const auto& c : kCases) {
    Call call(server_.stub());
    call.Write(OpenRequest(c.text));
    const grpc::Status status = call.Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << c.text;
    EXPECT_THAT(status.error_message(), HasSubstr(c.hint)) << c.text;
  }
}

TEST_F(ProcessStreamTest, AbsurdFormatsAreRefused) {
  for (const auto& [rate, channels] : std::vector<std::pair<int, int>>{
           {0, 1}, {std::numeric_limits<int>::max(), 1}, {-1, 1}, {48000, 1000}, {48000, 0}}) {
    v1::ProcessRequest open = OpenRequest("gain()");
    open.mutable_open()->mutable_inputs(0)->set_sample_rate_hz(rate);
    open.mutable_open()->mutable_inputs(0)->set_num_channels(channels);
    Call call(server_.stub());
    call.Write(open);
    EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
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

TEST_F(ProcessStreamTest, ASessionOutlivesItsStreamAndHasOneAtATime) {
  const std::string name = CreateSession("delay(delay_seconds=0.001, feedback=0, mix=1)");
  v1::ProcessRequest attach;
  attach.set_attach(name);
  {
    Call call(server_.stub());
    call.WriteAndRead(attach);
    Call second(server_.stub());
    second.Write(attach);
    EXPECT_EQ(second.Finish().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    call.WriteAndRead(Audio(0, std::vector<float>(24, 1.0f)));
    EXPECT_TRUE(call.WriteAndRead(EndRequest({24})).has_end());
    // It is free as soon as the end is known, not only when the call is over.
    Call again(server_.stub());
    EXPECT_TRUE(again.WriteAndRead(attach).has_ready());
    EXPECT_TRUE(again.WriteAndRead(EndRequest({0})).has_end());
    EXPECT_TRUE(call.Finish().ok());
  }
  Call call(server_.stub());
  const v1::ProcessResponse ready = call.WriteAndRead(attach);
  EXPECT_EQ(ready.ready().position_frames(), 24);
  EXPECT_THAT(ready.ready().input_frames(), ElementsAre(24));
  const v1::ProcessResponse out = call.WriteAndRead(Audio(24, std::vector<float>(48, 0.0f)));
  EXPECT_EQ(Floats(out.audio().samples())[24], 1.0f) << "what went in before comes out now";
}

TEST_F(ProcessStreamTest, ASessionCanBeAttachedAsSoonAsItsStreamIsOver) {
  const std::string name = CreateSession("gain()");
  v1::ProcessRequest attach;
  attach.set_attach(name);
  const auto second = server_.NewStub();  // over a connection of its own: nothing is in order
  for (int i = 0; i < 30; ++i) {
    Call ended(server_.stub());
    ASSERT_TRUE(ended.WriteAndRead(attach).has_ready()) << i;
    ASSERT_TRUE(ended.WriteAndRead(EndRequest({0})).has_end());
    // As soon as `end` is read, the call itself is not over yet.
    Call cut(*second);
    ASSERT_TRUE(cut.WriteAndRead(attach).has_ready()) << i;
    ASSERT_EQ(cut.Finish().error_code(), grpc::StatusCode::DATA_LOSS);
    Call failed(server_.stub());
    ASSERT_TRUE(failed.WriteAndRead(attach).has_ready()) << i;
    failed.Write(Audio(7, {1}));
    ASSERT_EQ(failed.Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
  }
}

TEST_F(ProcessStreamTest, WhatAnErrorKeptFromBeingComputedWasNotReceived) {
  const std::string name = CreateSession("gain()");
  v1::ProcessRequest attach;
  attach.set_attach(name);
  std::vector<float> samples(10'000, 0.5f);
  samples[9'000] = std::numeric_limits<float>::infinity();
  Call bad(server_.stub());
  ASSERT_TRUE(bad.WriteAndRead(attach).has_ready());
  bad.Write(Audio(0, samples));
  const grpc::Status status = bad.Finish();
  ASSERT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("at frame 9000"));
  Call good(server_.stub());
  const v1::Ready ready = good.WriteAndRead(attach).ready();
  EXPECT_THAT(ready.input_frames(), ElementsAre(ready.position_frames()));
  const v1::ProcessResponse out = good.WriteAndRead(Audio(ready.position_frames(), {0.25f}));
  EXPECT_EQ(out.audio().start_frame(), ready.position_frames());
  EXPECT_THAT(Floats(out.audio().samples()), ElementsAre(0.25f));
}

TEST_F(ProcessStreamTest, AnIdleSessionIsFreedWhenItsLeaseEnds) {
  const std::string name = CreateSession("gain()", 0.05);
  Call call(server_.stub());
  v1::ProcessRequest attach;
  attach.set_attach(name);
  ASSERT_TRUE(call.WriteAndRead(attach).has_ready());
  // Nothing is sent: the server ends the stream.
  EXPECT_EQ(call.Read().kind_case(), v1::ProcessResponse::KIND_NOT_SET);
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  Call late(server_.stub());
  late.Write(attach);
  EXPECT_EQ(late.Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(ProcessStreamTest, AClientThatGoesAwayHarmsNobody) {
  {
    Call gone(server_.stub());
    gone.WriteAndRead(OpenRequest("gain()"));
    gone.Write(Audio(0, std::vector<float>(100000, 0.1f)));
    gone.context().TryCancel();
    gone.Finish();
  }
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  EXPECT_TRUE(call.WriteAndRead(Audio(0, {1})).has_audio());
}

TEST_F(ProcessStreamTest, AnErrorReachesAClientThatGoesOnWriting) {
  for (int round = 0; round < 100; ++round) {
    Call call(server_.stub());
    call.context().set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    call.WriteAndRead(OpenRequest("gain()"));
    auto writer = std::async(std::launch::async, [&call, round] {
      int64_t position = 0;
      for (int i = 0; i < 30; ++i) {
        std::vector<float> samples(round % 2 == 0 ? 100 : 20000);
        if (i == round % 7) samples[50] = std::numeric_limits<float>::infinity();
        call.Write(Audio(position, samples));
        position += static_cast<int64_t>(samples.size());
      }
    });
    while (call.Read().has_audio()) {
    }
    writer.wait();
    EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT) << round;
  }
}

TEST_F(ProcessStreamTest, AMessageBeyondTheCapIsResourceExhausted) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.Write(Audio(0, std::vector<float>((4 << 20) / 4 + 1)));
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
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
