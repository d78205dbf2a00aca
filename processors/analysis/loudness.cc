#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/analysis/hops.h"
#include "processors/analysis/k_weighting.h"
#include "processors/analysis/loudness_histogram.h"
#include "processors/analysis/true_peak.h"
#include "processors/core/decibels.h"
#include "processors/core/errors.h"
#include "processors/core/registry.h"
#include "processors/filters/biquad_cascade.h"

namespace patchbay {
namespace {

enum { kMomentary, kShortTerm, kIntegrated, kRange, kTruePeak, kNumOutputs };

constexpr float kFloorDb = -120;
constexpr float kLoudest = 1e10f;  // far above any audio; its power is finite
constexpr int kMinSampleRateHz = 8000;
constexpr int kHopsPerSecond = 10;
constexpr int kMomentaryHops = 4;
constexpr int kShortTermHops = 30;
constexpr double kIntegratedGateDb = -10;
constexpr double kRangeGateDb = -20;
constexpr int kNumSections = 2;

// The order of channels in files (SMPTE 2036): with six or more, the fourth is the LFE, which is
// not counted, and the next four surround the listener.
float ChannelWeight(int channel, int num_channels) {
  constexpr float kSurround = 1.41f;
  if (num_channels >= 6 && channel == 3) return 0;
  const int first_surround = num_channels >= 6 ? 4 : num_channels == 5 ? 3 : 2;
  const bool has_surround = num_channels >= 4;
  return has_surround && channel >= first_surround && channel < 8 ? kSurround : 1;
}

struct LoudnessMemory {
  explicit LoudnessMemory(int num_channels)
      : filter(kNumSections, num_channels),
        filtered(static_cast<size_t>(num_channels) * kMaxFrames),
        peak_histories(num_channels) {}

  void Archive(StateArchive& archive) {
    filter.Archive(archive);
    for (TruePeak::History& history : peak_histories) archive.Values(history);
    archive.Value(energy);
    archive.Values(powers);
    archive.Index(num_hops, kShortTermHops + 1);
    block_histogram.Archive(archive);
    short_term_histogram.Archive(archive);
    archive.Value(true_peak);
    archive.Values(values);
  }

  BiquadMemory filter;
  std::vector<float> filtered;  // scratch
  std::vector<TruePeak::History> peak_histories;
  double energy = 0;                               // since the last hop
  std::array<double, kShortTermHops> powers = {};  // of the last hops, the newest last
  int num_hops = 0;                                // at most kShortTermHops
  LoudnessHistogram block_histogram;
  LoudnessHistogram short_term_histogram;
  float true_peak = 0;
  std::array<float, kNumOutputs> values = {kFloorDb, kFloorDb, kFloorDb, 0, kFloorDb};
};

class Loudness final : public NativeProcessor<Loudness, LoudnessMemory> {
 public:
  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters&,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Loudness(format));
  }

  LoudnessMemory NewMemory() const { return LoudnessMemory(num_channels_); }

  void Run(const ProcessIo& io, LoudnessMemory& memory) const {
    const auto hold = [&](int first, int count) {
      for (int i = 0; i < kNumOutputs; ++i) {
        std::ranges::fill(io.control_outs[i].subspan(first, count), memory.values[i]);
      }
    };
    // The gating blocks begin with the clip, not with the latency before it.
    const int before = static_cast<int>(std::clamp<int64_t>(-io.position_frames, 0, io.num_frames));
    hold(0, before);
    CutAtHops(
        io.position_frames + before, io.num_frames - before, hop_frames_,
        [&](int first, int count) {
          Add(io.ins[0].Frames(before + first, count), memory);
          hold(before + first, count);
        },
        [&] { Measure(memory); });
  }

 private:
  explicit Loudness(const StreamFormat& format)
      : num_channels_(format.input_channels[0]),
        hop_frames_(std::lround(format.sample_rate_hz / double{kHopsPerSecond})),
        true_peak_(format.sample_rate_hz),
        k_weighting_(DesignKWeighting(format.sample_rate_hz)) {}

  void Add(ConstBlock in, LoudnessMemory& memory) const;
  void Measure(LoudnessMemory& memory) const;

  const int num_channels_;
  const int64_t hop_frames_;
  const TruePeak true_peak_;
  const BiquadCascade k_weighting_;
};

// The power is summed over the channels first, then over frames one after the other: the same bits
// however the frames are cut into calls.
void Loudness::Add(ConstBlock in, LoudnessMemory& memory) const {
  const int num_frames = in.num_frames();
  const Block filtered(memory.filtered.data(), num_channels_, num_frames, kMaxFrames);
  for (int c = 0; c < num_channels_; ++c) {
    const std::span<const float> from = in.channel(c);
    const std::span<float> to = filtered.channel(c);
    for (int i = 0; i < num_frames; ++i) {
      const float bounded = from[i] < kLoudest ? from[i] : kLoudest;
      to[i] = bounded > -kLoudest ? bounded : -kLoudest;
    }
    memory.true_peak = std::max(memory.true_peak, true_peak_.Measure(to, memory.peak_histories[c]));
  }
  k_weighting_.Process(filtered, memory.filter);
  std::array<float, kMaxFrames> powers = {};
  for (int c = 0; c < num_channels_; ++c) {
    const float weight = ChannelWeight(c, num_channels_);
    const float* samples = filtered.channel(c).data();
    for (int i = 0; i < num_frames; ++i) powers[i] += weight * (samples[i] * samples[i]);
  }
  for (int i = 0; i < num_frames; ++i) memory.energy += powers[i];
}

void Loudness::Measure(LoudnessMemory& memory) const {
  std::ranges::rotate(memory.powers, memory.powers.begin() + 1);
  memory.powers.back() = memory.energy / static_cast<double>(hop_frames_);
  memory.energy = 0;
  memory.num_hops = std::min(memory.num_hops + 1, kShortTermHops);
  double momentary = 0, short_term = 0;
  for (int i = 0; i < kShortTermHops; ++i) {
    short_term += memory.powers[i] / kShortTermHops;
    if (i >= kShortTermHops - kMomentaryHops) momentary += memory.powers[i] / kMomentaryHops;
  }
  if (memory.num_hops >= kMomentaryHops) memory.block_histogram.Add(momentary);
  if (memory.num_hops >= kShortTermHops) memory.short_term_histogram.Add(short_term);
  memory.values[kMomentary] = LoudnessDb(momentary);
  memory.values[kShortTerm] = LoudnessDb(short_term);
  memory.values[kIntegrated] = LoudnessDb(memory.block_histogram.GatedPower(kIntegratedGateDb));
  memory.values[kRange] = memory.short_term_histogram.GatedRangeDb(kRangeGateDb);
  memory.values[kTruePeak] =
      std::max(kFloorDb, static_cast<float>(RatioToDecibels(memory.true_peak + 1e-10)));
}

absl::StatusOr<Layout> Loudness::Plan(const Parameters& parameters, const StreamFormat& format) {
  if (format.sample_rate_hz < kMinSampleRateHz) {
    return InvalidArgument(
        absl::StrCat(parameters.node(), ": the filters of ITU-R BS.1770 need a sample rate of ",
                     kMinSampleRateHz, " Hz or more, it is ", format.sample_rate_hz,
                     " Hz: resample the audio"),
        {.path = parameters.node(),
         .value = absl::StrCat(format.sample_rate_hz),
         .allowed = absl::StrCat("at least ", kMinSampleRateHz)});
  }
  const int channels = format.input_channels[0];
  const int64_t channel_bytes =
      kMaxFrames * int64_t{sizeof(float)} + int64_t{sizeof(TruePeak::History)};
  return Layout{.state_bytes = static_cast<int64_t>(sizeof(LoudnessMemory)) +
                               channels * channel_bytes + 2 * LoudnessHistogram::HeapBytes() +
                               BiquadMemory::HeapBytes(kNumSections, channels),
                .shared_bytes = BiquadCascade::HeapBytes(kNumSections) +
                                4 * TruePeak::kNumTaps * int64_t{sizeof(float)}};
}

ProcessorSpec Loudness::Spec() {
  return {
      .name = "loudness",
      .summary = "Measures loudness in LUFS and true peaks as broadcasters do: EBU R 128.",
      .doc =
          "ITU-R BS.1770-4 and EBU Tech 3341 and 3342. New values every 100 ms, "
          "held in between; they describe the time before, so that there is no latency. "
          "Histograms of 0.1 LU hold the past of integrated loudness and loudness range, "
          "however long it is. Silence is -120 dB. Channels are in the order of files: up to 3 "
          "are front, 4 are L R Ls Rs, 5 are L R C Ls Rs, from 6 on L R C LFE and surround, "
          "beyond 8 front again; the LFE is not counted.",
      .category = "analysis",
      .example = "loudness()",
      .outputs = {},
      .control_outputs =
          {{.name = "momentary_db",
            .unit = Unit::kDecibels,
            .doc = "Momentary loudness in LUFS: the last 400 ms."},
           {.name = "short_term_db",
            .unit = Unit::kDecibels,
            .doc = "Short-term loudness in LUFS: the last 3 s."},
           {.name = "integrated_db",
            .unit = Unit::kDecibels,
            .doc = "Integrated loudness in LUFS: since the start, gated; -120 before 400 ms."},
           {.name = "range_db",
            .unit = Unit::kDecibels,
            .doc = "Loudness range in LU: since the start, from the 10th to the 95th percentile of "
                   "short-term loudness."},
           {.name = "true_peak_db",
            .unit = Unit::kDecibels,
            .doc = "The greatest true peak since the start in dBTP, four times oversampled (twice "
                   "from 96 kHz, not at all from 192 kHz on)."}},
  };
}

const Registration<Loudness> kLoudness;

}  // namespace
}  // namespace patchbay
