#include "clients/cpp/pieces.h"

#include <algorithm>

#include "clients/cpp/planar.h"

namespace patchbay {

AudioPiece::AudioPiece(const IncomingAudio& audio, int num_channels)
    : audio_(audio),
      num_channels_(num_channels),
      frames_received_(static_cast<int>(audio.num_bytes() / PlanarBytes(num_channels, 1))),
      num_frames_(frames_received_) {}

void AudioPiece::CopyTo(Block out, int first) const {
  for (int c = 0; c < num_channels_; ++c) {
    const std::span<float> channel = out.channel(c);
    const size_t start = PlanarBytes(1, int64_t{c} * frames_received_ + first);
    audio_.Copy(start, channel.size_bytes(), channel.data());
  }
}

AudioPiece AudioPiece::First(int count) const {
  AudioPiece first = *this;
  first.num_frames_ = std::min(count, num_frames_);
  return first;
}

}  // namespace patchbay
