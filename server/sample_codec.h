#ifndef SERVER_SAMPLE_CODEC_H_
#define SERVER_SAMPLE_CODEC_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "patchbay/v1/audio.pb.h"
#include "processors/core/block.h"
#include "processors/core/clip.h"

namespace patchbay {

// Sample bytes of the wire to planar blocks and back. All lengths of blocks fit an int.

// Bytes of one frame.
int FrameBytes(v1::SampleEncoding encoding, int num_channels);

// `bytes` holds out.num_frames() frames.
void DecodeSamples(std::span<const char> bytes, v1::SampleEncoding encoding, Block out);

// `bytes` has room for in.num_frames() frames. Integers are clipped.
void EncodeSamples(ConstBlock in, v1::SampleEncoding encoding, std::span<char> bytes);

// A whole clip. INVALID_ARGUMENT for a format out of range or bytes that are not whole frames.
absl::StatusOr<Clip> DecodeClip(const v1::Clip& clip, int max_channels, int max_sample_rate_hz);
v1::Clip EncodeClip(const Clip& clip, v1::SampleEncoding encoding);

}  // namespace patchbay

#endif  // SERVER_SAMPLE_CODEC_H_
