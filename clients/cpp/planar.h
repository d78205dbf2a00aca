#ifndef CLIENTS_CPP_PLANAR_H_
#define CLIENTS_CPP_PLANAR_H_

#include "patchbay/v1/audio.pb.h"
#include "processors/core/clip.h"
#include "proto/wire/audio_wire.h"

namespace patchbay {

// The one sample encoding that this client uses: planar float32.

inline size_t PlanarBytes(int num_channels, int64_t num_frames) {
  return sizeof(float) * num_channels * static_cast<size_t>(num_frames);
}

// The samples of a message that is to be sent, as a block.
inline Block PlanarSamples(const OutgoingAudio& audio, int num_channels, int num_frames) {
  return {reinterpret_cast<float*>(audio.samples), num_channels, num_frames, num_frames};
}

// Chunks that are sent before the answer to the first has come: enough to keep both sides at work.
inline constexpr int kChunksUnderWay = 4;

// A clip that a Description names.
v1::Clip ToWire(const Clip& clip);

}  // namespace patchbay

#endif  // CLIENTS_CPP_PLANAR_H_
