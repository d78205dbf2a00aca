// Streams that go wrong: what the client is told, and that the server is none the worse for it.

#include <grpcpp/generic/generic_stub.h>

#include <future>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/testing_call.h"
#include "server/testing_server.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;

class ProcessStreamErrorTest : public ::testing::Test {
 protected:
  TestServer server_;
};

TEST_F(ProcessStreamErrorTest, GapAndOverlapNameBothFrames) {
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

TEST_F(ProcessStreamErrorTest, ClosingWithoutEndIsDataLoss) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.WriteAndRead(Audio(0, {1, 2, 3}));
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::DATA_LOSS);
}

TEST_F(ProcessStreamErrorTest, AnEndThatCountsWrongIsDataLoss) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.WriteAndRead(Audio(0, {1, 2, 3}));
  call.Write(EndRequest({2}));
  const grpc::Status status = call.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_THAT(status.error_message(), HasSubstr("[2]"));
}

TEST_F(ProcessStreamErrorTest, NanIsRefusedWithItsFrame) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.Write(Audio(0, {1, std::numeric_limits<float>::quiet_NaN()}));
  const grpc::Status status = call.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("frame 1"));
}

TEST_F(ProcessStreamErrorTest, AMalformedMessageIsInvalidAndLeavesTheServerRunning) {
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

TEST_F(ProcessStreamErrorTest, BadDescriptionsSayWhatToDo) {
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

TEST_F(ProcessStreamErrorTest, AbsurdFormatsAreRefused) {
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

TEST_F(ProcessStreamErrorTest, AClientThatGoesAwayHarmsNobody) {
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

TEST_F(ProcessStreamErrorTest, AnErrorReachesAClientThatGoesOnWriting) {
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

TEST_F(ProcessStreamErrorTest, AMessageBeyondTheCapIsResourceExhausted) {
  Call call(server_.stub());
  call.WriteAndRead(OpenRequest("gain()"));
  call.Write(Audio(0, std::vector<float>((4 << 20) / 4 + 1)));
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace patchbay::testing
