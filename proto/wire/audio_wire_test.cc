#include "proto/wire/audio_wire.h"

#include <algorithm>
#include <random>
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

// A buffer of `bytes` cut into slices of at most `slice_bytes`.
grpc::ByteBuffer Sliced(const std::string& bytes, size_t slice_bytes) {
  std::vector<grpc::Slice> slices;
  for (size_t i = 0; i < bytes.size(); i += slice_bytes) {
    slices.emplace_back(bytes.substr(i, slice_bytes));
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  EXPECT_TRUE(buffer.DumpToSingleSlice(&slice).ok());
  return std::string(slice.begin(), slice.end());
}

std::string SamplesOf(const IncomingAudio& audio) {
  std::string samples(audio.num_bytes(), '\0');
  audio.Copy(0, samples.size(), samples.data());
  return samples;
}

std::string SomeSamples(size_t num_bytes) {
  std::string samples(num_bytes, '\0');
  for (size_t i = 0; i < num_bytes; ++i) samples[i] = static_cast<char>(i * 7 + 1);
  return samples;
}

v1::ProcessRequest AudioRequest(int stream, int64_t start_frame, const std::string& samples) {
  v1::ProcessRequest request;
  request.mutable_audio()->set_stream(stream);
  request.mutable_audio()->set_start_frame(start_frame);
  request.mutable_audio()->set_samples(samples);
  return request;
}

std::string Encoded(const v1::ProcessRequest& expected) {
  const v1::AudioChunk& chunk = expected.audio();
  OutgoingAudio audio = EncodeAudio(AudioDirection::kRequest, chunk.stream(), chunk.start_frame(),
                                    chunk.samples().size());
  const OutgoingAudio moved = std::move(audio);
  std::ranges::copy(chunk.samples(), moved.samples);
  return BytesOf(moved.Buffer());
}

TEST(AudioWireTest, EncodesWhatProtobufParses) {
  for (size_t num_bytes : {0, 1, 4, 100, 127, 128, 20000, 3'000'000}) {
    for (int64_t start_frame : {int64_t{0}, int64_t{1}, int64_t{1} << 40, int64_t{-5}}) {
      for (int stream : {0, 3, 1 << 30, -1}) {
        const v1::ProcessRequest expected =
            AudioRequest(stream, start_frame, SomeSamples(num_bytes));
        v1::ProcessRequest parsed;
        ASSERT_TRUE(parsed.ParseFromString(Encoded(expected)));
        ASSERT_EQ(parsed.SerializeAsString(), expected.SerializeAsString());
      }
    }
  }
}

TEST(AudioWireTest, AlignsTheSamples) {
  for (int64_t start_frame : {0, 1, 1000, 1'000'000}) {
    const OutgoingAudio audio = EncodeAudio(AudioDirection::kResponse, 1, start_frame, 8);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(audio.samples) % 64, 0);
  }
}

TEST(AudioWireTest, DecodesWhatProtobufWritesHoweverItIsSliced) {
  for (size_t num_bytes : {0, 5, 1000}) {
    const v1::ProcessRequest sent = AudioRequest(2, 123456789012, SomeSamples(num_bytes));
    for (size_t slice_bytes : {1, 2, 13, 64, 5000}) {
      grpc::ByteBuffer buffer = Sliced(sent.SerializeAsString(), slice_bytes);
      const auto decoded = DecodeRequest(&buffer);
      ASSERT_TRUE(decoded.ok());
      ASSERT_TRUE(decoded->audio.has_value());
      EXPECT_EQ(decoded->audio->stream(), 2);
      EXPECT_EQ(decoded->audio->start_frame(), 123456789012);
      EXPECT_EQ(SamplesOf(*decoded->audio), sent.audio().samples());
    }
  }
}

TEST(AudioWireTest, CopiesAnyPartOfTheSamples) {
  const std::string samples = SomeSamples(100);
  grpc::ByteBuffer buffer = Sliced(AudioRequest(0, 0, samples).SerializeAsString(), 7);
  const auto decoded = DecodeRequest(&buffer);
  ASSERT_TRUE(decoded.ok() && decoded->audio.has_value());
  for (size_t first = 0; first <= 100; ++first) {
    for (size_t count = 0; first + count <= 100; count += 9) {
      std::string part(count, '\0');
      decoded->audio->Copy(first, count, part.data());
      ASSERT_EQ(part, samples.substr(first, count));
    }
  }
}

TEST(AudioWireTest, UnderstandsEveryValidEncoding) {
  const std::string kEncodings[] = {
      // Samples first, an unknown field last.
      std::string("\x1a\x08\x7a\x02xy\x10\x05\x20\x01", 10),
      // Two parts of one chunk, which protobuf merges.
      std::string("\x1a\x02\x10\x05\x1a\x04\x7a\x02xy", 10),
      // Lengths in more bytes than they need.
      std::string("\x1a\x89\x80\x00\x10\x05\x7a\x82\x80\x80\x00xy", 13),
  };
  for (const std::string& bytes : kEncodings) {
    grpc::ByteBuffer buffer = Sliced(bytes, 3);
    const auto decoded = DecodeRequest(&buffer);
    ASSERT_TRUE(decoded.ok());
    ASSERT_TRUE(decoded->audio.has_value());
    EXPECT_EQ(decoded->audio->start_frame(), 5);
    EXPECT_EQ(SamplesOf(*decoded->audio), "xy");
  }
}

TEST(AudioWireTest, OtherMessagesGoThroughProtobuf) {
  v1::ProcessResponse sent;
  sent.mutable_ready()->set_session("sessions/1");
  grpc::ByteBuffer buffer = EncodeMessage(sent);
  const auto decoded = DecodeResponse(&buffer);
  ASSERT_TRUE(decoded.ok());
  EXPECT_FALSE(decoded->audio.has_value());
  EXPECT_EQ(decoded->message.ready().session(), "sessions/1");
}

TEST(AudioWireTest, AnEmptyBufferIsAnEmptyMessage) {
  grpc::ByteBuffer buffer = EncodeMessage(v1::ProcessRequest());
  const auto decoded = DecodeRequest(&buffer);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->message.kind_case(), v1::ProcessRequest::KIND_NOT_SET);
}

// Whatever the bytes, the hand-written decoder and protobuf agree.
TEST(AudioWireTest, MutatedBytesDecodeAsProtobufSaysOrFail) {
  const google::protobuf::LogSilencer silencer;
  std::mt19937 random(1);
  int valid = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = AudioRequest(random() % 3, random() % 3 * 1000, SomeSamples(random() % 20))
                            .SerializeAsString();
    for (int n = random() % 4; n > 0 && !bytes.empty(); --n) {
      const size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, 1 + random() % 3);
          break;
        case 2:
          bytes.insert(at, 1 + random() % 3,
                       static_cast<char>(random() % 2 == 0 ? 0xff : random()));
          break;
        case 3:
          bytes += bytes;
          break;
      }
    }
    v1::ProcessRequest expected;
    const bool parses = expected.ParseFromString(bytes);
    grpc::ByteBuffer buffer = Sliced(bytes, 1 + random() % 16);
    const auto decoded = DecodeRequest(&buffer);
    ASSERT_EQ(decoded.ok(), parses);
    if (!parses) continue;
    ASSERT_EQ(decoded->audio.has_value(), expected.has_audio());
    if (!expected.has_audio()) continue;
    ++valid;
    ASSERT_EQ(decoded->audio->stream(), expected.audio().stream());
    ASSERT_EQ(decoded->audio->start_frame(), expected.audio().start_frame());
    ASSERT_EQ(SamplesOf(*decoded->audio), expected.audio().samples());
  }
  EXPECT_GT(valid, 2'500);
}

}  // namespace
}  // namespace patchbay::testing
