#include "clients/cli/proto_json.h"

#include "gtest/gtest.h"
#include "patchbay/v1/patchbay.pb.h"

namespace patchbay::testing {
namespace {

TEST(ProtoJsonTest, FieldsByNameAndUnsetOnesToo) {
  v1::StreamInfo info;
  info.set_tail_frames(int64_t{1} << 40);
  v1::AudioFormat& format = *info.add_outputs();
  format.set_num_channels(2);
  format.set_encoding(v1::SAMPLE_ENCODING_FLOAT32_PLANAR);
  const auto json = ToJson(info);
  EXPECT_EQ(json["tail_frames"], int64_t{1} << 40);
  EXPECT_EQ(json["latency_frames"], 0);
  EXPECT_EQ(json["inputs"].dump(), "[]");
  EXPECT_EQ(json["outputs"][0].dump(), R"({"sample_rate_hz":0,"num_channels":2,)"
                                       R"("encoding":"SAMPLE_ENCODING_FLOAT32_PLANAR"})");
  EXPECT_FALSE(json.contains("length_frames"));  // optional
}

TEST(ProtoJsonTest, MapsAndOneofs) {
  v1::Call call;
  call.set_processor("gain");
  (*call.mutable_arguments())["gain_db"].set_number(-3);
  EXPECT_EQ(ToJson(call)["arguments"].dump(), R"({"gain_db":{"number":-3.0}})");
}

}  // namespace
}  // namespace patchbay::testing
