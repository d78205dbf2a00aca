#include "server/grpc_status.h"

#include <string>

#include "patchbay/v1/errors.pb.h"
#include "processors/core/errors.h"
#include "proto/wire/rpc_status.pb.h"

namespace patchbay {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  const auto code = static_cast<grpc::StatusCode>(status.code());
  const std::string message(status.message());
  const ErrorDetail detail = DetailOf(status);
  if (detail.path.empty()) return grpc::Status(code, message);
  v1::ErrorDetail wire_detail;
  wire_detail.set_path(detail.path);
  wire_detail.set_value(detail.value);
  wire_detail.set_allowed(detail.allowed);
  wire::RpcStatus rpc_status;
  rpc_status.set_code(static_cast<int>(code));
  rpc_status.set_message(message);
  rpc_status.add_details()->PackFrom(wire_detail);
  return grpc::Status(code, message, rpc_status.SerializeAsString());
}

}  // namespace patchbay
