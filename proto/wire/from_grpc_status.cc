#include "proto/wire/from_grpc_status.h"

#include "google/protobuf/any.pb.h"
#include "patchbay/v1/errors.pb.h"
#include "processors/core/errors.h"
#include "proto/wire/rpc_status.pb.h"

namespace patchbay {

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  wire::RpcStatus rpc_status;
  if (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT &&
      rpc_status.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& any : rpc_status.details()) {
      v1::ErrorDetail detail;
      if (!any.UnpackTo(&detail)) continue;
      return InvalidArgument(
          status.error_message(),
          {.path = detail.path(), .value = detail.value(), .allowed = detail.allowed()});
    }
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace patchbay
