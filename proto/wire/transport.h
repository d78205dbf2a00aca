#ifndef PROTO_WIRE_TRANSPORT_H_
#define PROTO_WIRE_TRANSPORT_H_

#include "grpc/grpc.h"

namespace patchbay {

struct TransportArgument {
  const char* key;
  int value;
};

// gRPC channel arguments for audio, set alike on servers and channels: few large frames and reads,
// and windows that hold several chunks, so that neither end waits for the other. They more than
// double the throughput of gRPC's defaults over a local socket.
inline constexpr TransportArgument kTransportArguments[] = {
    {GRPC_ARG_HTTP2_MAX_FRAME_SIZE, 4 << 20},
    {GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 32 << 20},
    {GRPC_ARG_HTTP2_BDP_PROBE, 0},  // it would shrink the window again
    {GRPC_ARG_HTTP2_WRITE_BUFFER_SIZE, 4 << 20},
    {GRPC_ARG_TCP_READ_CHUNK_SIZE, 1 << 20},
    {GRPC_ARG_TCP_MIN_READ_CHUNK_SIZE, 256 << 10},
    {GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, 8 << 20},
};

// The largest message that either end takes unless it is configured otherwise.
inline constexpr int kMaxMessageBytes = 4 << 20;

// Keeps gRPC's threads until the process ends, instead of ending them with its last object: that
// waits for up to 10 s, if one of them is at its poll for a write that could not go on at once.
void KeepGrpcRunning();

}  // namespace patchbay

#endif  // PROTO_WIRE_TRANSPORT_H_
