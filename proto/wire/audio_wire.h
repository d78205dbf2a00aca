#ifndef PROTO_WIRE_AUDIO_WIRE_H_
#define PROTO_WIRE_AUDIO_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "patchbay/v1/patchbay.pb.h"

namespace patchbay {

// The messages of the Process stream to and from gRPC's buffers, with sample bytes neither parsed
// nor copied on the way: an AudioChunk is written and read by hand, everything else by protobuf.

// The field of AudioChunk in the message.
enum class AudioDirection : uint8_t {
  kRequest = v1::ProcessRequest::kAudioFieldNumber,
  kResponse = v1::ProcessResponse::kAudioFieldNumber,
};

// A whole message that holds an AudioChunk whose samples are still to be filled in.
struct OutgoingAudio {
  grpc::Slice message;
  char* samples;  // num_bytes within `message`, aligned to 64 bytes, uninitialised

  // What the stream writes. Shares the memory of `message`.
  grpc::ByteBuffer Buffer() const { return grpc::ByteBuffer(&message, 1); }
};

// num_bytes must stay below 2 GiB, the limit of protobuf.
OutgoingAudio EncodeAudio(AudioDirection direction, int32_t stream, int64_t start_frame,
                          size_t num_bytes);

// Any message but audio.
grpc::ByteBuffer EncodeMessage(const google::protobuf::MessageLite& message);

// A received AudioChunk: keeps the memory that gRPC received it in.
class IncomingAudio {
 public:
  int32_t stream() const { return stream_; }
  int64_t start_frame() const { return start_frame_; }
  size_t num_bytes() const { return num_bytes_; }

  // Copies sample bytes [first, first + count), which must exist.
  void Copy(size_t first, size_t count, void* destination) const;

 private:
  friend class AudioDecoder;

  int32_t stream_ = 0;
  int64_t start_frame_ = 0;
  size_t num_bytes_ = 0;
  size_t header_bytes_ = 0;  // before the samples
  std::vector<grpc::Slice> slices_;
  std::vector<size_t> ends_;  // of each slice, in bytes from the start of the message
};

// A decoded message: audio, or anything else as `message` (which then is not audio).
template <typename Message>
struct Incoming {
  std::optional<IncomingAudio> audio;
  Message message;
};

// INVALID_ARGUMENT if the bytes are not such a message. Any valid encoding is understood; audio
// whose samples are not last is copied once more. `buffer` is left empty.
absl::StatusOr<Incoming<v1::ProcessRequest>> DecodeRequest(grpc::ByteBuffer* buffer);
absl::StatusOr<Incoming<v1::ProcessResponse>> DecodeResponse(grpc::ByteBuffer* buffer);

}  // namespace patchbay

#endif  // PROTO_WIRE_AUDIO_WIRE_H_
