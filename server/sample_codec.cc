#include "server/sample_codec.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

constexpr float kInt16Scale = 32768.0f;

template <typename T>
T Load(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

template <typename T>
void Store(char* bytes, T value) {
  std::memcpy(bytes, &value, sizeof(value));
}

}  // namespace

int FrameBytes(v1::SampleEncoding encoding, int num_channels) {
  const bool is_int16 = encoding == v1::SAMPLE_ENCODING_INT16_INTERLEAVED;
  return num_channels * (is_int16 ? 2 : 4);
}

void DecodeSamples(std::span<const char> bytes, v1::SampleEncoding encoding, Block out) {
  const int channels = out.num_channels();
  const int frames = out.num_frames();
  for (int c = 0; c < channels; ++c) {
    float* const to = out.channel(c).data();
    if (encoding == v1::SAMPLE_ENCODING_INT16_INTERLEAVED) {
      for (int i = 0; i < frames; ++i) {
        to[i] = static_cast<float>(Load<int16_t>(&bytes[2 * (i * channels + c)])) / kInt16Scale;
      }
    } else if (encoding == v1::SAMPLE_ENCODING_FLOAT32_INTERLEAVED) {
      for (int i = 0; i < frames; ++i) to[i] = Load<float>(&bytes[4 * (i * channels + c)]);
    } else if (frames > 0) {
      std::memcpy(to, &bytes[size_t{4} * c * frames], size_t{4} * frames);
    }
  }
}

void EncodeSamples(ConstBlock in, v1::SampleEncoding encoding, std::span<char> bytes) {
  const int channels = in.num_channels();
  const int frames = in.num_frames();
  for (int c = 0; c < channels; ++c) {
    const float* const from = in.channel(c).data();
    if (encoding == v1::SAMPLE_ENCODING_INT16_INTERLEAVED) {
      for (int i = 0; i < frames; ++i) {
        const float scaled = std::clamp(std::nearbyint(from[i] * kInt16Scale), -32768.0f, 32767.0f);
        Store(&bytes[2 * (i * channels + c)], static_cast<int16_t>(scaled));
      }
    } else if (encoding == v1::SAMPLE_ENCODING_FLOAT32_INTERLEAVED) {
      for (int i = 0; i < frames; ++i) Store(&bytes[4 * (i * channels + c)], from[i]);
    } else if (frames > 0) {
      std::memcpy(&bytes[size_t{4} * c * frames], from, size_t{4} * frames);
    }
  }
}

absl::StatusOr<Clip> DecodeClip(const v1::Clip& clip, int max_channels, int max_sample_rate_hz) {
  const v1::AudioFormat& format = clip.format();
  if (format.num_channels() < 1 || format.num_channels() > max_channels) {
    return InvalidArgument(absl::StrCat("a clip has ", format.num_channels(),
                                        " channels: it takes 1 to ", max_channels),
                           {.path = "format.num_channels"});
  }
  if (format.sample_rate_hz() < 1 || format.sample_rate_hz() > max_sample_rate_hz) {
    return InvalidArgument(absl::StrCat("a clip has a sample rate of ", format.sample_rate_hz(),
                                        " Hz: it takes 1 to ", max_sample_rate_hz),
                           {.path = "format.sample_rate_hz"});
  }
  const int frame_bytes = FrameBytes(format.encoding(), format.num_channels());
  if (clip.samples().size() % frame_bytes != 0) {
    return InvalidArgument(
        absl::StrCat("a clip has ", clip.samples().size(), " bytes, which is not a multiple of ",
                     frame_bytes, ", the size of a frame"),
        {.path = "samples"});
  }
  Clip decoded(format.sample_rate_hz(), format.num_channels(),
               static_cast<int64_t>(clip.samples().size()) / frame_bytes);
  DecodeSamples(clip.samples(), format.encoding(),
                decoded.Frames(0, static_cast<int>(decoded.num_frames())));
  return decoded;
}

v1::Clip EncodeClip(const Clip& clip, v1::SampleEncoding encoding) {
  v1::Clip encoded;
  encoded.mutable_format()->set_sample_rate_hz(clip.sample_rate_hz());
  encoded.mutable_format()->set_num_channels(clip.num_channels());
  encoded.mutable_format()->set_encoding(encoding);
  std::string& bytes = *encoded.mutable_samples();
  bytes.resize(clip.num_frames() * FrameBytes(encoding, clip.num_channels()));
  EncodeSamples(clip.Frames(0, static_cast<int>(clip.num_frames())), encoding, bytes);
  return encoded;
}

}  // namespace patchbay
