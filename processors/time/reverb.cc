#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "processors/core/decibels.h"
#include "processors/core/errors.h"
#include "processors/core/registry.h"
#include "processors/time/freeverb_tank.h"

namespace patchbay {
namespace {

// Freeverb's: an input gain of 0.015 for each of two channels, and the range of damping.
constexpr float kInputGain = 0.03f;
constexpr float kDampingScale = 0.4f;

float FeedbackOf(float room_size) { return 0.7f + 0.28f * room_size; }

int64_t PreDelayFrames(const Parameters& parameters, int sample_rate_hz) {
  return std::llround(parameters.number("pre_delay_seconds") * sample_rate_hz);
}

struct ReverbMemory {
  void Archive(StateArchive& archive) {
    for (InPlaceDelayLine& line : pre_delay) line.Archive(archive);
    for (FreeverbTank& tank : tanks) tank.Archive(archive);
  }

  std::vector<InPlaceDelayLine> pre_delay;  // one or none
  std::vector<FreeverbTank> tanks;          // per channel
};

void Delay(InPlaceDelayLine& line, int num_frames, float* in_out) {
  for (int done = 0; done < num_frames;) {
    const int count = std::min(num_frames - done, line.until_wrap());
    std::swap_ranges(in_out + done, in_out + done + count, line.here());
    line.Advance(count);
    done += count;
  }
}

class Reverb final : public NativeProcessor<Reverb, ReverbMemory> {
 public:
  Reverb(const Parameters& parameters, const StreamFormat& format)
      : room_size_(parameters.index("room_size")),
        damping_(parameters.index("damping")),
        wet_db_(parameters.index("wet_db")),
        dry_db_(parameters.index("dry_db")),
        width_(parameters.index("width")),
        num_channels_(format.input_channels[0]),
        sample_rate_hz_(format.sample_rate_hz),
        pre_delay_frames_(PreDelayFrames(parameters, format.sample_rate_hz)) {}

  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);
  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<Reverb>(parameters, format);
  }

  ReverbMemory NewMemory() const {
    ReverbMemory memory;
    if (pre_delay_frames_ > 0) memory.pre_delay.emplace_back(pre_delay_frames_);
    memory.tanks.reserve(num_channels_);
    for (int c = 0; c < num_channels_; ++c) memory.tanks.emplace_back(c, sample_rate_hz_);
    return memory;
  }

  void Run(const ProcessIo& io, ReverbMemory& memory) const;

 private:
  struct Gains {
    float own, partner, dry;
  };
  Gains GainsAt(const ProcessIo& io, int frame) const;

  const int room_size_, damping_, wet_db_, dry_db_, width_;
  const int num_channels_;
  const int sample_rate_hz_;
  const int64_t pre_delay_frames_;
};

absl::StatusOr<Layout> Reverb::Plan(const Parameters& parameters, const StreamFormat& format) {
  const int channels = format.input_channels[0];
  const int64_t pre_delay = PreDelayFrames(parameters, format.sample_rate_hz);
  int64_t bytes = pre_delay * sizeof(float) + sizeof(InPlaceDelayLine) + sizeof(ReverbMemory);
  FreeverbTank::Delays longest = {};
  for (int c = 0; c < channels; ++c) {
    const FreeverbTank::Delays delays = FreeverbTank::DelaysOf(c, format.sample_rate_hz);
    if (delays.all > longest.all) longest = delays;
    bytes += sizeof(FreeverbTank) + FreeverbTank::Bytes(c, format.sample_rate_hz);
  }
  // Damping only shortens the decay of what is not low.
  const double feedback = FeedbackOf(static_cast<float>(parameters.number("room_size")));
  const double rounds = -60 / RatioToDecibels(feedback);
  return Layout{
      .output_channels = {channels},
      .tail_frames =
          pre_delay + longest.all_allpasses + std::llround(rounds * longest.longest_comb),
      .state_bytes = bytes,
      .shared_bytes = sizeof(Reverb),
  };
}

// A channel hears its own tank and, the narrower the more, that of the other channel of its pair.
Reverb::Gains Reverb::GainsAt(const ProcessIo& io, int frame) const {
  const float wet = static_cast<float>(DecibelsToRatio(io.controls[wet_db_][frame]));
  const float width = io.controls[width_][frame];
  return {.own = wet * (0.5f + 0.5f * width),
          .partner = wet * (0.5f - 0.5f * width),
          .dry = static_cast<float>(DecibelsToRatio(io.controls[dry_db_][frame]))};
}

void Reverb::Run(const ProcessIo& io, ReverbMemory& memory) const {
  const ConstBlock in = io.ins[0];
  const Block out = io.outs[0];
  const CombCoefficients coefficients = {
      .damping = kDampingScale * io.controls[damping_].constant(),
      .feedback = FeedbackOf(io.controls[room_size_].constant())};
  const bool moves = !io.controls[wet_db_].is_constant() || !io.controls[dry_db_].is_constant() ||
                     !io.controls[width_].is_constant();
  const Gains fixed = GainsAt(io, 0);
  std::array<Gains, kMaxFrames> moving;
  for (int n = 0; moves && n < io.num_frames; ++n) moving[n] = GainsAt(io, n);

  std::array<float, kMaxFrames> sum = {};
  for (int c = 0; c < num_channels_; ++c) {
    const float* x = in.channel(c).data();
    for (int n = 0; n < io.num_frames; ++n) sum[n] += x[n];
  }
  const float input_gain = kInputGain / static_cast<float>(num_channels_);
  for (int n = 0; n < io.num_frames; ++n) sum[n] *= input_gain;
  for (InPlaceDelayLine& line : memory.pre_delay) Delay(line, io.num_frames, sum.data());

  for (int first = 0; first < num_channels_; first += 2) {
    const int in_pair = std::min(2, num_channels_ - first);
    std::array<float, kMaxFrames> wet[2];
    for (int side = 0; side < in_pair; ++side) {
      memory.tanks[first + side].Process(sum.data(), io.num_frames, coefficients, wet[side].data());
    }
    for (int side = 0; side < in_pair; ++side) {
      const float* own = wet[side].data();
      const float* partner = wet[in_pair - 1 - side].data();
      const float* x = in.channel(first + side).data();
      float* y = out.channel(first + side).data();
      if (moves) {
        for (int n = 0; n < io.num_frames; ++n) {
          const auto [own_gain, partner_gain, dry_gain] = moving[n];
          y[n] = dry_gain * x[n] + own_gain * own[n] + partner_gain * partner[n];
        }
      } else {
        const auto [own_gain, partner_gain, dry_gain] = fixed;
#pragma GCC ivdep  // y may be x, but never overlaps it otherwise
        for (int n = 0; n < io.num_frames; ++n) {
          y[n] = dry_gain * x[n] + own_gain * own[n] + partner_gain * partner[n];
        }
      }
    }
  }
}

ProcessorSpec Reverb::Spec() {
  return {
      .name = "reverb",
      .summary = "The echoes of a room.",
      .doc =
          "Freeverb (Jezar at Dreampoint, 2000, after Schroeder 1962 and Moorer 1979): the mean of "
          "all channels goes, for each channel, into 8 parallel combs with a low-pass in their "
          "loops and then into 4 all-passes in series. Delays are scaled to the sample rate. "
          "Each channel's delays are longer by a different few frames, by 23 for the second as in "
          "Freeverb, so that channels are decorrelated; channels 0 and 1, 2 and 3, ... are stereo "
          "pairs. The tail is that of the initial room_size.",
      .category = "time",
      .example = "reverb(room_size=0.8, wet_db=-3)",
      .in_place = true,
      .parameters =
          {{
               .name = "room_size",
               .default_value = 0.5,
               .rate = Rate::kBlock,
               .smoothing_seconds = 0.05,
               .doc =
                   "How long it lasts: at 0 about 0.7 s until -60 dB, at 0.5 1.5 s, at 1 12.5 s.",
           },
           {
               .name = "damping",
               .default_value = 0.5,
               .rate = Rate::kBlock,
               .smoothing_seconds = 0.05,
               .doc = "How much faster high frequencies fade: 0 is bright, 1 is dark.",
           },
           {
               .name = "wet_db",
               .unit = Unit::kDecibels,
               .minimum = -120,
               .maximum = 20,
               .default_value = -6,
               .rate = Rate::kAudio,
               .smoothing_seconds = 0.01,
               .doc = "Gain of the reverberation.",
           },
           {
               .name = "dry_db",
               .unit = Unit::kDecibels,
               .minimum = -120,
               .maximum = 20,
               .default_value = 0,
               .rate = Rate::kAudio,
               .smoothing_seconds = 0.01,
               .doc = "Gain of the audio as it was.",
           },
           {
               .name = "width",
               .default_value = 1,
               .rate = Rate::kAudio,
               .smoothing_seconds = 0.01,
               .doc = "0 gives both channels of a pair the same reverberation, 1 each its own.",
           },
           {
               .name = "pre_delay_seconds",
               .unit = Unit::kSeconds,
               .maximum = 1,
               .default_value = 0,
               .doc = "Silence before the reverberation starts.",
           }},
  };
}

const Registration<Reverb> kReverb;

}  // namespace
}  // namespace patchbay
