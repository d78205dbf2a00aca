#ifndef SERVER_GRPC_STATUS_H_
#define SERVER_GRPC_STATUS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace patchbay {

// The one translator of errors: same code and message, with a patchbay.v1.ErrorDetail where the
// status carries one, encoded as google.rpc.Status (gRPC's "rich error model").
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace patchbay

#endif  // SERVER_GRPC_STATUS_H_
