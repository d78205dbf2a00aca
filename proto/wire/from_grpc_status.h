#ifndef PROTO_WIRE_FROM_GRPC_STATUS_H_
#define PROTO_WIRE_FROM_GRPC_STATUS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace patchbay {

// What a server answered, for clients: same code and message, with the patchbay.v1.ErrorDetail that
// came with an INVALID_ARGUMENT (see DetailOf in processors/core/errors.h).
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace patchbay

#endif  // PROTO_WIRE_FROM_GRPC_STATUS_H_
