"""How channels to a server are opened."""

from __future__ import annotations

# Clips, curves and checkpoints are single messages.
MAX_MESSAGE_BYTES = 1 << 30

# Few large frames and reads, and windows that hold several chunks, so that neither end waits for
# the other: the server sets the same.
OPTIONS = (
    ("grpc.http2.max_frame_size", 4 << 20),
    ("grpc.http2.lookahead_bytes", 32 << 20),
    ("grpc.http2.bdp_probe", 0),
    ("grpc.http2.write_buffer_size", 4 << 20),
    ("grpc.experimental.tcp_read_chunk_size", 1 << 20),
    ("grpc.experimental.tcp_min_read_chunk_size", 256 << 10),
    ("grpc.experimental.tcp_max_read_chunk_size", 8 << 20),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    # A server that is frozen or cut off is noticed, however long it has had nothing to say.
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # An http_proxy in the environment is not meant for audio.
    ("grpc.enable_http_proxy", 0),
)
