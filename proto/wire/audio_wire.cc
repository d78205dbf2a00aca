#include "proto/wire/audio_wire.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "grpc/slice.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "proto/wire/grpc_memory.h"

namespace patchbay {
namespace {

// AudioChunk has nothing but these before its samples: 4 tags and 4 varints of at most 10 bytes.
constexpr size_t kMaxHeaderBytes = 44;

constexpr size_t kAlignment = 64;

enum WireType : uint8_t { kVarint = 0, kLengthDelimited = 2 };

// The tags of all fields below 16 take one byte.
constexpr uint8_t Tag(int field, WireType type) { return static_cast<uint8_t>(field << 3 | type); }

constexpr uint8_t kStreamTag = Tag(v1::AudioChunk::kStreamFieldNumber, kVarint);
constexpr uint8_t kStartFrameTag = Tag(v1::AudioChunk::kStartFrameFieldNumber, kVarint);
constexpr uint8_t kSamplesTag = Tag(v1::AudioChunk::kSamplesFieldNumber, kLengthDelimited);

class HeaderWriter {
 public:
  void Byte(uint8_t byte) { bytes_[size_++] = byte; }
  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) Byte(static_cast<uint8_t>(value | 0x80));
    Byte(static_cast<uint8_t>(value));
  }
  absl::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), size_}; }

 private:
  std::array<uint8_t, kMaxHeaderBytes> bytes_;
  size_t size_ = 0;
};

class HeaderReader {
 public:
  explicit HeaderReader(absl::string_view bytes) : bytes_(bytes) {}

  bool Byte(uint8_t& byte) {
    if (position_ == bytes_.size()) return false;
    byte = static_cast<uint8_t>(bytes_[position_++]);
    return true;
  }
  bool Varint(uint64_t& value) {
    value = 0;
    uint8_t byte = 0x80;
    for (int shift = 0; byte >= 0x80; shift += 7) {
      if (shift > 63 || !Byte(byte)) return false;
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    }
    return true;
  }
  size_t position() const { return position_; }

 private:
  const absl::string_view bytes_;
  size_t position_ = 0;
};

}  // namespace

OutgoingAudio EncodeAudio(AudioDirection direction, int32_t stream, int64_t start_frame,
                          size_t num_bytes) {
  HeaderWriter chunk;
  if (stream != 0) {
    chunk.Byte(kStreamTag);
    chunk.Varint(static_cast<uint64_t>(int64_t{stream}));
  }
  if (start_frame != 0) {
    chunk.Byte(kStartFrameTag);
    chunk.Varint(static_cast<uint64_t>(start_frame));
  }
  chunk.Byte(kSamplesTag);
  chunk.Varint(num_bytes);
  HeaderWriter message;
  message.Byte(Tag(static_cast<int>(direction), kLengthDelimited));
  message.Varint(chunk.view().size() + num_bytes);

  const size_t header_bytes = message.view().size() + chunk.view().size();
  // "Large" keeps even a short slice on the heap, so that the samples stay put when it is moved.
  grpc_slice slice = grpc_slice_malloc_large(header_bytes + num_bytes + kAlignment);
  const auto address = reinterpret_cast<uintptr_t>(GRPC_SLICE_START_PTR(slice)) + header_bytes;
  const size_t skipped = (kAlignment - address % kAlignment) % kAlignment;
  slice = grpc_slice_sub_no_ref(slice, skipped, skipped + header_bytes + num_bytes);
  char* bytes = reinterpret_cast<char*>(GRPC_SLICE_START_PTR(slice));
  std::ranges::copy(chunk.view(), std::ranges::copy(message.view(), bytes).out);
  return {grpc::Slice(slice, grpc::Slice::STEAL_REF), bytes + header_bytes};
}

grpc::ByteBuffer EncodeMessage(const google::protobuf::MessageLite& message) {
  const size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

void IncomingAudio::Copy(size_t first, size_t count, void* destination) const {
  assert(first <= num_bytes_ && count <= num_bytes_ - first);
  const ReadsGrpcMemory reads;
  size_t position = header_bytes_ + first;  // in the message
  size_t i = std::ranges::upper_bound(ends_, position) - ends_.begin();
  for (char* out = static_cast<char*>(destination); count > 0; ++i) {
    const size_t in_slice = position - (ends_[i] - slices_[i].size());
    const size_t piece = std::min(count, ends_[i] - position);
    std::memcpy(out, slices_[i].begin() + in_slice, piece);
    out += piece;
    position += piece;
    count -= piece;
  }
}

class AudioDecoder {
 public:
  template <typename Message>
  static absl::StatusOr<Incoming<Message>> Decode(AudioDirection direction,
                                                  grpc::ByteBuffer* buffer) {
    const ReadsGrpcMemory reads;
    Incoming<Message> incoming;
    incoming.audio = InPlace(direction, *buffer);
    if (incoming.audio.has_value()) {
      buffer->Clear();
      return incoming;
    }
    const grpc::Status parsed =
        grpc::SerializationTraits<Message>::Deserialize(buffer, &incoming.message);
    buffer->Clear();
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("malformed message: not a ", Message::descriptor()->full_name()));
    }
    if (incoming.message.has_audio()) {
      incoming.audio = FromChunk(incoming.message.audio());
      incoming.message.Clear();
    }
    return incoming;
  }

 private:
  // Nothing unless the message is one AudioChunk with its samples last.
  static std::optional<IncomingAudio> InPlace(AudioDirection direction,
                                              const grpc::ByteBuffer& buffer) {
    IncomingAudio audio;
    if (!buffer.Valid() || !buffer.Dump(&audio.slices_).ok()) return std::nullopt;
    std::array<char, kMaxHeaderBytes> start;
    size_t start_bytes = 0;
    size_t size = 0;
    for (const grpc::Slice& slice : audio.slices_) {
      const size_t piece = std::min(slice.size(), start.size() - start_bytes);
      std::copy_n(slice.begin(), piece, start.begin() + start_bytes);
      start_bytes += piece;
      size += slice.size();
      audio.ends_.push_back(size);
    }
    if (!ParseHeader(direction, absl::string_view(start.data(), start_bytes), size, audio)) {
      return std::nullopt;
    }
    return audio;
  }

  static bool ParseHeader(AudioDirection direction, absl::string_view start, size_t size,
                          IncomingAudio& audio) {
    HeaderReader reader(start);
    uint8_t tag;
    uint64_t value;
    if (!reader.Byte(tag) || tag != Tag(static_cast<int>(direction), kLengthDelimited)) {
      return false;
    }
    // Compared this way round so that a length near 2^64 cannot wrap.
    if (!reader.Varint(value) || value != size - reader.position()) return false;
    while (reader.position() < size) {
      if (!reader.Byte(tag) || !reader.Varint(value)) return false;
      switch (tag) {
        case kStreamTag:
          audio.stream_ = static_cast<int32_t>(value);
          break;
        case kStartFrameTag:
          audio.start_frame_ = static_cast<int64_t>(value);
          break;
        case kSamplesTag:
          audio.header_bytes_ = reader.position();
          audio.num_bytes_ = size - reader.position();
          return value == audio.num_bytes_;
        default:
          return false;
      }
    }
    audio.header_bytes_ = size;
    return true;
  }

  static IncomingAudio FromChunk(const v1::AudioChunk& chunk) {
    IncomingAudio audio;
    audio.stream_ = chunk.stream();
    audio.start_frame_ = chunk.start_frame();
    audio.num_bytes_ = chunk.samples().size();
    audio.slices_.emplace_back(chunk.samples());
    audio.ends_.push_back(audio.num_bytes_);
    return audio;
  }
};

absl::StatusOr<Incoming<v1::ProcessRequest>> DecodeRequest(grpc::ByteBuffer* buffer) {
  return AudioDecoder::Decode<v1::ProcessRequest>(AudioDirection::kRequest, buffer);
}

absl::StatusOr<Incoming<v1::ProcessResponse>> DecodeResponse(grpc::ByteBuffer* buffer) {
  return AudioDecoder::Decode<v1::ProcessResponse>(AudioDirection::kResponse, buffer);
}

}  // namespace patchbay
