#include "server/patchbay_service.h"

#include <cstring>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/testing_server.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;

v1::Clip MonoClip(const std::vector<float>& samples) {
  v1::Clip clip;
  clip.mutable_format()->set_sample_rate_hz(48000);
  clip.mutable_format()->set_num_channels(1);
  clip.set_samples(samples.data(), samples.size() * sizeof(float));
  return clip;
}

std::vector<float> Floats(const std::string& bytes) {
  std::vector<float> samples(bytes.size() / sizeof(float));
  std::memcpy(samples.data(), bytes.data(), bytes.size());
  return samples;
}

class PatchbayServiceTest : public ::testing::Test {
 protected:
  grpc::Status ProcessClips(const v1::ProcessClipsRequest& request) {
    grpc::ClientContext context;
    return server_.stub().ProcessClips(&context, request, &clips_);
  }

  TestServer server_;
  v1::ProcessClipsResponse clips_;
};

TEST_F(PatchbayServiceTest, ListsTheCatalogueInPages) {
  std::vector<std::string> names;
  v1::ListProcessorsRequest request;
  request.set_page_size(3);
  do {
    grpc::ClientContext context;
    v1::ListProcessorsResponse response;
    ASSERT_TRUE(server_.stub().ListProcessors(&context, request, &response).ok());
    EXPECT_LE(response.processors_size(), 3);
    for (const auto& spec : response.processors()) names.push_back(spec.name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(names.size(), Registry::Global().All().size());
  EXPECT_TRUE(std::ranges::is_sorted(names));

  grpc::ClientContext context;
  v1::ListProcessorsResponse response;
  request.set_page_token("nonsense");
  EXPECT_EQ(server_.stub().ListProcessors(&context, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(PatchbayServiceTest, AnUnknownProcessorIsNotFoundWithTheNearestName) {
  grpc::ClientContext context;
  v1::GetProcessorRequest request;
  v1::ProcessorSpec response;
  request.set_name("rverb");
  const grpc::Status status = server_.stub().GetProcessor(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("'reverb'"));
}

TEST_F(PatchbayServiceTest, ValidationTellsWhatADescriptionWouldDo) {
  grpc::ClientContext context;
  v1::ValidateDescriptionRequest request;
  request.mutable_config()->mutable_description()->set_text("delay(250ms) | gain(-3dB)");
  auto& format = *request.mutable_config()->add_inputs();
  format.set_sample_rate_hz(48000);
  format.set_num_channels(2);
  v1::ValidateDescriptionResponse response;
  ASSERT_TRUE(server_.stub().ValidateDescription(&context, request, &response).ok());
  EXPECT_EQ(response.info().nodes_size(), 2);
  EXPECT_GE(response.info().tail_frames(), 12000);
  EXPECT_GE(response.info().state_bytes(), 12000 * 2 * 4);
  EXPECT_THAT(response.text(), HasSubstr("gain_db=-3"));
}

TEST_F(PatchbayServiceTest, ProcessesWholeClips) {
  v1::ProcessClipsRequest request;
  request.mutable_config()->mutable_description()->set_text(
      "fade(in_seconds=0, out_seconds=0.0001) | scale(mult=2)");
  *request.add_inputs() = MonoClip(std::vector<float>(100, 0.25f));
  ASSERT_TRUE(ProcessClips(request).ok());
  const std::vector<float> out = Floats(clips_.outputs(0).samples());
  ASSERT_EQ(out.size(), 100u) << "latency is compensated";
  EXPECT_EQ(out[0], 0.5f);
  EXPECT_LT(out[99], 0.3f);
  EXPECT_EQ(clips_.report().processor_versions().size(), 2u);
}

TEST_F(PatchbayServiceTest, WholeClipsAndStreamsHaveTheSameBits) {
  v1::ProcessClipsRequest request;
  request.mutable_config()->mutable_description()->set_text("reverb() | envelope_follower()");
  std::vector<float> audio(3000);
  for (int i = 0; i < 3000; ++i) audio[i] = static_cast<float>(i % 37) / 37 - 0.5f;
  *request.add_inputs() = MonoClip(audio);
  request.mutable_config()->mutable_options()->set_exclude_tail(true);
  ASSERT_TRUE(ProcessClips(request).ok());
  const std::string whole = clips_.controls(0).values();
  EXPECT_EQ(whole.size(), 3000u * 4);
}

TEST_F(PatchbayServiceTest, GeneratorsNeedAnEnd) {
  v1::ProcessClipsRequest request;
  request.mutable_config()->mutable_description()->set_text("oscillator()");
  const grpc::Status status = ProcessClips(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("duration_seconds"));
  request.set_num_frames(48);
  ASSERT_TRUE(ProcessClips(request).ok());
  EXPECT_EQ(Floats(clips_.outputs(0).samples()).size(), 48u);
  request.set_num_frames(std::numeric_limits<int64_t>::max() / 2);
  EXPECT_EQ(ProcessClips(request).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(PatchbayServiceTest, AnEmptyClipGivesItsTailOnly) {
  v1::ProcessClipsRequest request;
  request.mutable_config()->mutable_description()->set_text("gain()");
  *request.add_inputs() = MonoClip({});
  ASSERT_TRUE(ProcessClips(request).ok());
  EXPECT_TRUE(clips_.outputs(0).samples().empty());
}

TEST_F(PatchbayServiceTest, ErrorsCarryTheirDetail) {
  v1::ProcessClipsRequest request;
  request.mutable_config()->mutable_description()->set_text("gain(gain_db=500)");
  *request.add_inputs() = MonoClip({1});
  const grpc::Status status = ProcessClips(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_details(), HasSubstr("patchbay.v1.ErrorDetail"));
  EXPECT_THAT(status.error_details(), HasSubstr("gain.gain_db"));
}

}  // namespace
}  // namespace patchbay::testing
