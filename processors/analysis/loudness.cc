#include <ebur128.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/analysis/hops.h"
#include "processors/core/decibels.h"
#include "processors/core/errors.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

enum { kMomentary, kShortTerm, kIntegrated, kRange, kTruePeak, kNumOutputs };

constexpr float kFloorDb = -120;
constexpr float kLoudest = 1e10f;  // far above any audio; its true peak is finite
constexpr int kMinSampleRateHz = 8000;
constexpr int kNumHops = 30;  // in the 3 s of short-term loudness
constexpr int kMomentaryHops = 4;
constexpr int kHopMilliseconds = 100;
// The histogram of block energies does not grow with the length of the clip.
constexpr int kMode =
    EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM;

int HopFrames(int sample_rate_hz) { return (sample_rate_hz + 5) / 10; }

// The order of channels in files (ITU-R BS.775, SMPTE): with six or more, the fourth is the LFE,
// which is not counted, and the next four surround the listener.
int ChannelType(int channel, int num_channels) {
  if (channel < 2 || num_channels < 4) return EBUR128_LEFT;
  if (num_channels == 4) return EBUR128_LEFT_SURROUND;
  if (channel == 2) return EBUR128_CENTER;
  if (num_channels == 5) return EBUR128_LEFT_SURROUND;
  if (channel == 3) return EBUR128_UNUSED;
  return channel < 8 ? EBUR128_LEFT_SURROUND : EBUR128_LEFT;
}

struct Destroy {
  void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

class LoudnessMemory {
 public:
  LoudnessMemory(int num_channels, int sample_rate_hz)
      : meter_(ebur128_init(num_channels, sample_rate_hz, kMode)),
        interleaved_(static_cast<size_t>(num_channels) * kMaxFrames) {
    if (meter_ == nullptr) throw std::bad_alloc();
    for (int c = 0; c < num_channels; ++c) {
      ebur128_set_channel(meter_.get(), c, ChannelType(c, num_channels));
    }
    values.fill(kFloorDb);
    values[kRange] = 0;
  }

  void Add(ConstBlock frames);
  void Measure();
  void Archive(StateArchive&) {}

  std::array<float, kNumOutputs> values;

 private:
  float TruePeakDb() const;

  std::unique_ptr<ebur128_state, Destroy> meter_;
  std::vector<float> interleaved_;
  std::array<double, kNumHops> powers_ = {};  // weighted, of the last hops
  int oldest_ = 0;
};

float LoudnessDb(double power) {
  return std::max(kFloorDb, static_cast<float>(10 * std::log10(power + 1e-30) - 0.691));
}

void LoudnessMemory::Add(ConstBlock frames) {
  const int num_channels = frames.num_channels();
  for (int c = 0; c < num_channels; ++c) {
    const std::span<const float> samples = frames.channel(c);
    for (int i = 0; i < frames.num_frames(); ++i) {
      interleaved_[i * num_channels + c] = std::clamp(samples[i], -kLoudest, kLoudest);
    }
  }
  ebur128_add_frames_float(meter_.get(), interleaved_.data(), frames.num_frames());
}

float LoudnessMemory::TruePeakDb() const {
  double greatest = 0;
  for (unsigned c = 0; c < meter_->channels; ++c) {
    double peak = 0;
    ebur128_true_peak(meter_.get(), c, &peak);
    greatest = std::max(greatest, peak);
  }
  return std::max(kFloorDb, static_cast<float>(RatioToDecibels(greatest + 1e-10)));
}

// The library would sum the last 400 ms and 3 s anew: the sums of 100 ms do.
void LoudnessMemory::Measure() {
  double hop_db;
  ebur128_loudness_window(meter_.get(), kHopMilliseconds, &hop_db);
  powers_[oldest_] = std::pow(10.0, (hop_db + 0.691) / 10);
  oldest_ = oldest_ + 1 < kNumHops ? oldest_ + 1 : 0;
  double short_term = 0, momentary = 0;
  for (int i = 0; i < kNumHops; ++i) {
    const double power = powers_[(oldest_ + i) % kNumHops];
    short_term += power;
    if (i >= kNumHops - kMomentaryHops) momentary += power;
  }
  double integrated_db, range_db;
  ebur128_loudness_global(meter_.get(), &integrated_db);
  ebur128_loudness_range(meter_.get(), &range_db);
  values[kMomentary] = LoudnessDb(momentary / kMomentaryHops);
  values[kShortTerm] = LoudnessDb(short_term / kNumHops);
  values[kIntegrated] = std::max(kFloorDb, static_cast<float>(integrated_db));
  values[kRange] = static_cast<float>(range_db);
  values[kTruePeak] = TruePeakDb();
}

class Loudness final : public NativeProcessor<Loudness, LoudnessMemory> {
 public:
  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters&,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Loudness(format));
  }

  LoudnessMemory NewMemory() const { return LoudnessMemory(num_channels_, sample_rate_hz_); }

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
        io.position_frames + before, io.num_frames - before, HopFrames(sample_rate_hz_),
        [&](int first, int count) {
          memory.Add(io.ins[0].Frames(before + first, count));
          hold(before + first, count);
        },
        [&] { memory.Measure(); });
  }

 private:
  explicit Loudness(const StreamFormat& format)
      : num_channels_(format.input_channels[0]), sample_rate_hz_(format.sample_rate_hz) {}

  const int num_channels_;
  const int sample_rate_hz_;
};

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
  // The library keeps 3 s as doubles, and oversamples 400 ms to four times the rate.
  const int64_t hop_frames = HopFrames(format.sample_rate_hz);
  const int64_t channel_bytes = (kNumHops + 1) * hop_frames * int64_t{sizeof(double)} +
                                4 * (1 + 4) * hop_frames * int64_t{sizeof(float)} +
                                kMaxFrames * int64_t{sizeof(float)} + 2048;
  constexpr int64_t kHistograms = 2 * 1000 * sizeof(double) + 8192;
  return Layout{.state_bytes = format.input_channels[0] * channel_bytes + kHistograms};
}

ProcessorSpec Loudness::Spec() {
  return {
      .name = "loudness",
      .summary = "Measures loudness in LUFS and true peaks as broadcasters do: EBU R 128.",
      .doc =
          "ITU-R BS.1770-4 and EBU Tech 3341 and 3342, by libebur128. New values every 100 ms, "
          "held in between; they describe the time before, so that there is no latency. "
          "Histograms of 0.1 LU hold the past of integrated loudness and loudness range, "
          "however long it is. Silence is -120 dB. Channels are in the order of files: up to 3 "
          "are front, 4 are L R Ls Rs, 5 are L R C Ls Rs, from 6 on L R C LFE and surround, "
          "beyond 8 front again; the LFE is not counted. Its State cannot be saved.",
      .category = "analysis",
      .example = "loudness()",
      .checkpointable = false,
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
