#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/fast_math.h"
#include "processors/core/registry.h"
#include "processors/dynamics/ballistics.h"
#include "processors/dynamics/gain_computer.h"

namespace patchbay {
namespace {

// Levels and gains are computed in octaves of amplitude, log2(ratio), to save a multiplication.
constexpr float kOctavesPerDecibel = 0.16609640474f;

// -200 dB: what silence counts as. Below any threshold and knee.
constexpr float kSilence = 1e-10f;

// Positions in the parameter table.
enum { kThreshold, kRatio, kAttack, kRelease, kKnee, kMakeup };

struct CompressorMemory {
  void Archive(StateArchive& archive) { archive.Values(reductions); }

  std::vector<double> reductions;  // smoothed, in octaves: one if linked, else per channel
};

using Frames = float[kMaxFrames];

// The control's value for each frame, in `scratch` if it is constant.
const float* PerFrame(const Control& control, int num_frames, Frames& scratch) {
  if (!control.is_constant()) return control.values().data();
  std::fill_n(scratch, num_frames, control.constant());
  return scratch;
}

// The greatest magnitude among the channels of each frame.
void Peaks(ConstBlock block, float* peaks) {
  const float* first = block.channel(0).data();
  for (int i = 0; i < block.num_frames(); ++i) peaks[i] = std::abs(first[i]);
  for (int c = 1; c < block.num_channels(); ++c) {
    const float* samples = block.channel(c).data();
    for (int i = 0; i < block.num_frames(); ++i) {
      const float magnitude = std::abs(samples[i]);
      peaks[i] = peaks[i] > magnitude ? peaks[i] : magnitude;
    }
  }
}

// How much the gain is to be reduced, before attack and release. In place after the peaks, like all
// that follows, because the compiler vectorises only where it sees that no two pointers overlap.
void ReductionsFromKey(ConstBlock key, const ProcessIo& io, float* values) {
  Peaks(key, values);
  const Control& threshold = io.controls[kThreshold];
  const Control& ratio = io.controls[kRatio];
  const GainComputer computer(io.controls[kKnee].constant() * kOctavesPerDecibel);
  const auto reduction = [&computer](float peak, float threshold_db, float slope) {
    const float level = FastLog2(peak > kSilence ? peak : kSilence);
    return computer.Reduction(level - threshold_db * kOctavesPerDecibel, slope);
  };
  if (threshold.is_constant() && ratio.is_constant()) {
    const float threshold_db = threshold.constant();
    const float slope = 1 - 1 / ratio.constant();
    for (int i = 0; i < io.num_frames; ++i) values[i] = reduction(values[i], threshold_db, slope);
    return;
  }
  Frames threshold_scratch, ratio_scratch;
  const float* thresholds = PerFrame(threshold, io.num_frames, threshold_scratch);
  const float* ratios = PerFrame(ratio, io.num_frames, ratio_scratch);
  for (int i = 0; i < io.num_frames; ++i) {
    values[i] = reduction(values[i], thresholds[i], 1 - 1 / ratios[i]);
  }
}

void GainsFromReductions(const ProcessIo& io, float* values) {
  const Control& makeup_db = io.controls[kMakeup];
  if (makeup_db.is_constant()) {
    const float makeup = makeup_db.constant() * kOctavesPerDecibel;
    for (int i = 0; i < io.num_frames; ++i) values[i] = FastExp2(makeup - values[i]);
  } else {
    const float* makeup = makeup_db.values().data();
    for (int i = 0; i < io.num_frames; ++i) {
      values[i] = FastExp2(makeup[i] * kOctavesPerDecibel - values[i]);
    }
  }
}

ConstBlock Channel(ConstBlock block, int c) {
  return {block.channel(c).data(), 1, block.num_frames(), block.channel_stride()};
}

// Makeup gain can take absurdly loud, finite audio out of the range of a float: it stays finite.
void Apply(const float* gains, std::span<float> samples) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  for (size_t i = 0; i < samples.size(); ++i) {
    const float product = samples[i] * gains[i];
    const float bounded = product < kLargest ? product : kLargest;
    samples[i] = bounded > -kLargest ? bounded : -kLargest;
  }
}

class Compressor final : public NativeProcessor<Compressor, CompressorMemory> {
 public:
  static ProcessorSpec Spec();

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const int channels = format.input_channels[0];
    const int sidechain_channels = format.input_channels[1];
    const bool link = parameters.boolean("link");
    if (!link && sidechain_channels > 1 && sidechain_channels != channels) {
      return parameters.Error(
          "link", absl::StrCat("needs a sidechain of 1 or ", channels, " channels, not ",
                               sidechain_channels, ", or link = true"));
    }
    return Layout{
        .output_channels = {channels},
        .state_bytes = static_cast<int64_t>(2 * sizeof(void*) + sizeof(CompressorMemory) +
                                            NumReductions(link, channels) * sizeof(double))};
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Compressor(parameters, format));
  }

  CompressorMemory NewMemory() const {
    return {.reductions = std::vector<double>(NumReductions(link_, num_channels_))};
  }

  void Run(const ProcessIo& io, CompressorMemory& memory) const {
    const Block out = io.outs[0];
    Copy(io.ins[0], out);
    const ConstBlock key = io.ins[1].num_channels() > 0 ? io.ins[1] : ConstBlock(out);
    const Ballistics ballistics(io.controls[kAttack].constant(), io.controls[kRelease].constant(),
                                sample_rate_hz_);
    Frames gains, more_gains;
    const std::span<float> values(gains, io.num_frames);
    const std::span<float> more_values(more_gains, io.num_frames);
    if (link_) {
      ReductionsFromKey(key, io, gains);
      ballistics.Follow(values, memory.reductions[0]);
      GainsFromReductions(io, gains);
      for (int c = 0; c < num_channels_; ++c) Apply(gains, out.channel(c));
      return;
    }
    const auto own_key = [&key](int c) { return Channel(key, key.num_channels() > 1 ? c : 0); };
    int c = 0;
    for (; c + 1 < num_channels_; c += 2) {
      ReductionsFromKey(own_key(c), io, gains);
      ReductionsFromKey(own_key(c + 1), io, more_gains);
      ballistics.Follow(values, more_values, memory.reductions[c], memory.reductions[c + 1]);
      GainsFromReductions(io, gains);
      GainsFromReductions(io, more_gains);
      Apply(gains, out.channel(c));
      Apply(more_gains, out.channel(c + 1));
    }
    if (c < num_channels_) {
      ReductionsFromKey(own_key(c), io, gains);
      ballistics.Follow(values, memory.reductions[c]);
      GainsFromReductions(io, gains);
      Apply(gains, out.channel(c));
    }
  }

 private:
  Compressor(const Parameters& parameters, const StreamFormat& format)
      : num_channels_(format.input_channels[0]),
        sample_rate_hz_(format.sample_rate_hz),
        link_(parameters.boolean("link")) {}

  static int NumReductions(bool link, int num_channels) { return link ? 1 : num_channels; }

  const int num_channels_;
  const double sample_rate_hz_;
  const bool link_;
};

ProcessorSpec Compressor::Spec() {
  return {
      .name = "compressor",
      .summary = "Reduces the dynamic range: what is louder than the threshold becomes softer.",
      .doc =
          "Feed-forward: peak level in decibels, static curve with a soft knee, then a smooth "
          "branching detector on the gain reduction in decibels; no latency. Attack and release "
          "are true time constants: after a step of the level, 63 % of the change of gain in "
          "decibels is done. With a sidechain connected, its level sets the gain instead of the "
          "audio's own. After Giannoulis, Massberg & Reiss, Digital Dynamic Range Compressor "
          "Design, JAES 60(6), 2012.",
      .category = "dynamics",
      .example = "compressor(threshold_db=-20, ratio=4)",
      .in_place = true,
      .inputs = {{.name = "in", .doc = "The audio."},
                 {.name = "sidechain",
                  .doc = "What sets the gain. With link = false: one channel for all, or as many "
                         "as the audio.",
                  .optional = true}},
      .parameters =
          {{.name = "threshold_db",
            .unit = Unit::kDecibels,
            .minimum = -100,
            .maximum = 20,
            .default_value = -20,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.01,
            .doc = "The peak level above which the gain is reduced; 0 dB is an amplitude of 1."},
           {.name = "ratio",
            .minimum = 1,
            .maximum = 100,
            .default_value = 4,
            .mapping = Mapping::kLogarithmic,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.01,
            .doc = "How many decibels above the threshold become one: 1 does nothing, 20 and more "
                   "nearly limits."},
           {.name = "attack_seconds",
            .unit = Unit::kSeconds,
            .minimum = 0.00001,
            .maximum = 1,
            .default_value = 0.005,
            .mapping = Mapping::kLogarithmic,
            .rate = Rate::kBlock,
            .doc = "Time constant while the gain falls."},
           {.name = "release_seconds",
            .unit = Unit::kSeconds,
            .minimum = 0.0001,
            .maximum = 10,
            .default_value = 0.1,
            .mapping = Mapping::kLogarithmic,
            .rate = Rate::kBlock,
            .doc = "Time constant while the gain recovers."},
           {.name = "knee_db",
            .unit = Unit::kDecibels,
            .minimum = 0,
            .maximum = 40,
            .default_value = 6,
            .rate = Rate::kBlock,
            .smoothing_seconds = 0.01,
            .doc = "Width of the bend around the threshold; 0 is a hard knee."},
           {.name = "makeup_db",
            .unit = Unit::kDecibels,
            .minimum = -40,
            .maximum = 40,
            .default_value = 0,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.01,
            .doc = "Gain after the compression."},
           {.name = "link",
            .type = ParameterType::kBoolean,
            .default_value = 1,
            .doc = "True: one gain for all channels, from the loudest, so that the stereo image "
                   "stays. False: every channel by itself."}},
  };
}

const Registration<Compressor> kCompressor;

}  // namespace
}  // namespace patchbay
