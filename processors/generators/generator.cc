#include "processors/generators/generator.h"

#include <algorithm>
#include <cmath>

namespace patchbay {

ParameterSpec DurationParameter() {
  return {.name = "duration_seconds",
          .unit = Unit::kSeconds,
          .minimum = 0,
          .maximum = 86400,
          .default_value = 0,
          .doc = "How long it sounds; 0: without end."};
}

ParameterSpec ChannelsParameter() {
  return {.name = "channels",
          .type = ParameterType::kInteger,
          .minimum = 1,
          .maximum = 64,
          .default_value = 1,
          .doc = "Number of channels to put out."};
}

Layout GeneratorLayout(const Parameters& parameters, int sample_rate_hz) {
  Layout layout = {.output_channels = {parameters.integer("channels")}};
  const double duration_seconds = parameters.number("duration_seconds");
  if (duration_seconds > 0) {
    layout.length_frames = std::max(1LL, std::llround(duration_seconds * sample_rate_hz));
  }
  return layout;
}

EndOfGenerator::EndOfGenerator(const Layout& layout)
    : end_frame_(layout.length_frames.value_or(kUnknownEnd)) {}

void EndOfGenerator::Silence(const ProcessIo& io) const {
  if (io.position_frames + io.num_frames <= end_frame_) return;
  const int sounding = static_cast<int>(std::max<int64_t>(end_frame_ - io.position_frames, 0));
  Fill(io.outs[0].Frames(sounding, io.num_frames - sounding), 0.0f);
}

}  // namespace patchbay
