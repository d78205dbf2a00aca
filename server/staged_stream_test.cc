// Sessions whose Descriptions do not stream throughout, over Process and ProcessClips.

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/testing_call.h"
#include "server/testing_server.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StagedStreamTest : public ::testing::Test {
 protected:
  static internal::ServerConfig ServerConfig() {
    internal::ServerConfig config;
    config.set_drain_seconds(600);
    return config;
  }

  v1::StreamInfo Validate(const v1::SessionConfig& config) {
    grpc::ClientContext context;
    v1::ValidateDescriptionRequest request;
    *request.mutable_config() = config;
    v1::ValidateDescriptionResponse response;
    const grpc::Status status = server_.stub().ValidateDescription(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.info();
  }

  TestServer server_{ServerConfig()};
};

TEST_F(StagedStreamTest, SaysThatOutputComesAtItsOwnPace) {
  EXPECT_FALSE(Validate(Config("gain()")).outputs_at_own_pace());
  EXPECT_TRUE(Validate(Config("time_stretch(2)")).outputs_at_own_pace());
  EXPECT_TRUE(Validate(Config("gain() | reverse()")).outputs_at_own_pace());
}

TEST_F(StagedStreamTest, TellsTheLengthOfGenerators) {
  const v1::StreamInfo info = Validate(
      Config("oscillator(duration_seconds=1) | reverse()", /*num_channels=*/1, /*num_inputs=*/0));
  EXPECT_EQ(info.length_frames(), 48000);
  EXPECT_FALSE(Validate(Config("oscillator() | reverse()", /*num_channels=*/1, /*num_inputs=*/0))
                   .has_length_frames());
}

TEST_F(StagedStreamTest, ControlOutputsHaveTheRateOfTheirClip) {
  const v1::StreamInfo info =
      Validate(Config("x = level(in); y = level(resample(in, sample_rate_hz=24000)); x; y"));
  ASSERT_EQ(info.control_outputs_size(), 4);
  EXPECT_EQ(info.control_outputs(0).sample_rate_hz(), 48000);
  EXPECT_EQ(info.control_outputs(2).sample_rate_hz(), 24000);
}

TEST_F(StagedStreamTest, ResizingNodesTellTheirMemoryAndWhatMoves) {
  const v1::StreamInfo info = Validate(Config("time_stretch(2)"));
  ASSERT_EQ(info.nodes_size(), 1);
  EXPECT_EQ(info.nodes(0).num_states(), 1);
  EXPECT_GT(info.nodes(0).state_bytes(), 0);
  EXPECT_EQ(info.state_bytes(), info.nodes(0).state_bytes());
  std::vector<std::string> moves;
  for (const v1::LiveControl& control : info.controls()) moves.push_back(control.parameter());
  EXPECT_THAT(moves, ElementsAre("ratio", "pitch_semitones"));
}

TEST_F(StagedStreamTest, ACheckpointNamesWhatCannotBeSaved) {
  grpc::ClientContext create, save;
  v1::CreateSessionRequest request;
  *request.mutable_config() = Config("gain() | (turn = reverse())");
  v1::Session session;
  ASSERT_TRUE(server_.stub().CreateSession(&create, request, &session).ok());
  v1::CheckpointSessionRequest wish;
  wish.set_name(session.name());
  v1::CheckpointSessionResponse checkpoint;
  const grpc::Status status = server_.stub().CheckpointSession(&save, wish, &checkpoint);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status.error_message(), HasSubstr("turn"));
}

// Draining waits until no session is in use, and longer than this test may take: it ends because
// the work is stopped, a small part of it done.
TEST_F(StagedStreamTest, ACancelledFlushStopsWithinItsNode) {
  for (const std::string node : {"time_stretch", "reverb"}) {
    grpc::ClientContext context;
    auto stream = server_.stub().Process(&context);
    v1::ProcessRequest request;
    std::string text = "repeat(100)";
    for (int i = 0; i < (node == "reverb" ? 60 : 1); ++i) text += " | " + node + "()";
    *request.mutable_open() = Config(text);
    stream->Write(request);
    request.mutable_audio()->set_samples(std::string(48000 * sizeof(float), 0));
    stream->Write(request);
    request.mutable_flush();
    stream->Write(request);
    v1::ProcessResponse response;
    bool is_at_work = false;
    while (!is_at_work && stream->Read(&response)) {
      is_at_work =
          absl::StartsWith(response.progress().node(), node) && response.progress().frames() > 0;
    }
    ASSERT_TRUE(is_at_work) << node;
    EXPECT_GT(response.progress().fraction(), 0);
    EXPECT_LT(response.progress().fraction(), 0.5);
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  server_.server().Drain();
}

}  // namespace
}  // namespace patchbay::testing
