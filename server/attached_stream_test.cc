// Streams of sessions that have a name, and live on without them.

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/testing_call.h"
#include "server/testing_server.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AttachedStreamTest : public ::testing::Test {
 protected:
  std::string CreateSession(const std::string& text, double lease_seconds = 60) {
    grpc::ClientContext context;
    v1::CreateSessionRequest request;
    *request.mutable_config() = Config(text);
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

TEST_F(AttachedStreamTest, ASessionOutlivesItsStreamAndHasOneAtATime) {
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

TEST_F(AttachedStreamTest, ASessionCanBeAttachedAsSoonAsItsStreamIsOver) {
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

TEST_F(AttachedStreamTest, WhatAnErrorKeptFromBeingComputedWasNotReceived) {
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

TEST_F(AttachedStreamTest, AnIdleSessionIsFreedWhenItsLeaseEnds) {
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

}  // namespace
}  // namespace patchbay::testing
