#include "proto/wire/transport.h"

namespace patchbay {

void KeepGrpcRunning() { [[maybe_unused]] static const bool is_running = (grpc_init(), true); }

}  // namespace patchbay
