#include "clients/cpp/planar.h"

namespace patchbay {

v1::Clip ToWire(const Clip& clip) {
  v1::Clip wire;
  wire.mutable_format()->set_sample_rate_hz(clip.sample_rate_hz());
  wire.mutable_format()->set_num_channels(clip.num_channels());
  wire.mutable_samples()->reserve(PlanarBytes(clip.num_channels(), clip.num_frames()));
  for (int c = 0; c < clip.num_channels(); ++c) {
    const std::span<const float> channel = clip.channel(c);
    wire.mutable_samples()->append(reinterpret_cast<const char*>(channel.data()),
                                   channel.size_bytes());
  }
  return wire;
}

}  // namespace patchbay
