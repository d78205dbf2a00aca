#include "proto/wire/from_grpc_status.h"

#include "google/protobuf/any.pb.h"
#include "gtest/gtest.h"
#include "patchbay/v1/errors.pb.h"
#include "processors/core/errors.h"
#include "proto/wire/rpc_status.pb.h"

namespace patchbay::testing {
namespace {

TEST(FromGrpcStatusTest, KeepsCodeAndMessage) {
  EXPECT_TRUE(FromGrpcStatus(grpc::Status()).ok());
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::StatusCode::DATA_LOSS, "lost")),
            absl::DataLossError("lost"));
}

TEST(FromGrpcStatusTest, DecodesTheDetail) {
  v1::ErrorDetail detail;
  detail.set_path("gain.gain_db");
  detail.set_value("100 dB");
  detail.set_allowed("-120 to 60 dB");
  wire::RpcStatus rpc_status;
  rpc_status.add_details();  // of a type that is not known
  rpc_status.add_details()->PackFrom(detail);
  const absl::Status status = FromGrpcStatus(
      grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no", rpc_status.SerializeAsString()));
  EXPECT_EQ(status.message(), "no");
  EXPECT_EQ(DetailOf(status).path, "gain.gain_db");
  EXPECT_EQ(DetailOf(status).value, "100 dB");
  EXPECT_EQ(DetailOf(status).allowed, "-120 to 60 dB");
}

TEST(FromGrpcStatusTest, BrokenDetailsAreDropped) {
  const absl::Status status =
      FromGrpcStatus(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no", "\xff\xff"));
  EXPECT_EQ(status, absl::InvalidArgumentError("no"));
}

}  // namespace
}  // namespace patchbay::testing
