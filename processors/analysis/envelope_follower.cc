#include <algorithm>
#include <array>
#include <cmath>

#include "processors/core/restriction.h"
#include "processors/core/state.h"
#include "processors/dynamics/ballistics.h"

namespace patchbay {
namespace {

constexpr int kMaxChannels = 64;

// Magnitude or power. A square beyond the range of a float would be infinite.
void Detect(std::span<const float> samples, bool rms, std::span<float> detected) {
  if (rms) {
    constexpr float kLoudest = 1.8e19f;
    for (size_t i = 0; i < samples.size(); ++i) {
      const float magnitude = std::abs(samples[i]);
      const float bounded = magnitude < kLoudest ? magnitude : kLoudest;
      detected[i] = bounded * bounded;
    }
  } else {
    for (size_t i = 0; i < samples.size(); ++i) detected[i] = std::abs(samples[i]);
  }
}

void Raise(std::span<float> values, std::span<const float> others) {
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = values[i] > others[i] ? values[i] : others[i];
  }
}

// Every channel has its own detector; the greatest of their outputs is put out.
struct EnvelopeFollower {
  void operator()(ConstBlock in, ControlOutput envelope, Meta meta, Control attack_seconds,
                  Control release_seconds, std::string mode) {
    const bool rms = mode == "rms";
    const Ballistics ballistics(attack_seconds.constant(), release_seconds.constant(),
                                meta.sample_rate_hz);
    std::array<float, kMaxFrames> scratch, more_scratch;
    const std::span<float> detected = std::span(scratch).first(envelope.size());
    const std::span<float> more_detected = std::span(more_scratch).first(envelope.size());
    std::ranges::fill(envelope, 0.0f);
    int c = 0;
    for (; c + 1 < in.num_channels(); c += 2) {
      Detect(in.channel(c), rms, detected);
      Detect(in.channel(c + 1), rms, more_detected);
      ballistics.Follow(detected, more_detected, levels[c], levels[c + 1]);
      Raise(envelope, detected);
      Raise(envelope, more_detected);
    }
    if (c < in.num_channels()) {
      Detect(in.channel(c), rms, detected);
      ballistics.Follow(detected, levels[c]);
      Raise(envelope, detected);
    }
    if (!rms) return;
    for (float& value : envelope) value = std::sqrt(value);
  }

  void Archive(StateArchive& archive) { archive.Values(levels); }

  std::array<double, kMaxChannels> levels = {};  // amplitude, or power in mode rms
};

const Restriction kEnvelopeFollower(
    EnvelopeFollower(),
    {.name = "envelope_follower",
     .summary = "Follows the loudness of audio over time, as a control signal.",
     .doc = "A smooth branching detector: a one-pole low-pass on each channel's magnitude (mode "
            "peak) or power (mode rms, the root is put out) whose time constant is the attack "
            "while the input is above the output and the release while it is below. True time "
            "constants: 63 % of a step. Mode rms gives the exact RMS of a steady sound if attack "
            "and release are equal and long against its period; a longer release leans towards "
            "the peaks. After Giannoulis, Massberg & Reiss, Digital Dynamic Range Compressor "
            "Design, JAES 60(6), 2012.",
     .category = "analysis",
     .example = "envelope_follower(attack_seconds=0.005, release_seconds=0.2)",
     .control_outputs = {{.name = "envelope",
                          .doc = "Linear amplitude of the loudest channel: 1 is 0 dB."}},
     .parameters = {{.name = "attack_seconds",
                     .unit = Unit::kSeconds,
                     .minimum = 0.00001,
                     .maximum = 10,
                     .default_value = 0.005,
                     .mapping = Mapping::kLogarithmic,
                     .rate = Rate::kBlock,
                     .doc = "Time constant while the level rises."},
                    {.name = "release_seconds",
                     .unit = Unit::kSeconds,
                     .minimum = 0.0001,
                     .maximum = 10,
                     .default_value = 0.1,
                     .mapping = Mapping::kLogarithmic,
                     .rate = Rate::kBlock,
                     .doc = "Time constant while the level falls."},
                    {.name = "mode",
                     .type = ParameterType::kChoice,
                     .choices = {"peak", "rms"},
                     .doc = "peak follows the magnitude, rms the power."}}});

}  // namespace
}  // namespace patchbay
