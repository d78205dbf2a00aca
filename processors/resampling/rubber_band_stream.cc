#include "processors/resampling/rubber_band_stream.h"

#include <rubberband/RubberBandStretcher.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

using RubberBand::RubberBandStretcher;

constexpr int kMinSampleRateHz = 8000;
constexpr int kMaxSampleRateHz = 192000;

// Its warnings would go to the standard error of a server.
class Silence final : public RubberBandStretcher::Logger {
 public:
  void log(const char*) override {}
  void log(const char*, double) override {}
  void log(const char*, double, double) override {}
};

double PitchScale(double semitones) { return std::exp2(semitones / 12); }

int Options(const RubberBandStream::Settings& settings) {
  int options = RubberBandStretcher::OptionProcessRealTime |
                RubberBandStretcher::OptionEngineFiner | RubberBandStretcher::OptionThreadingNever;
  if (settings.faster) options |= RubberBandStretcher::OptionWindowShort;
  if (settings.preserve_formants) options |= RubberBandStretcher::OptionFormantPreserved;
  if (settings.pitch_moves) options |= RubberBandStretcher::OptionPitchHighConsistency;
  return options;
}

}  // namespace

absl::Status RubberBandStream::CheckFormat(const Parameters& parameters,
                                           const StreamFormat& format) {
  const int rate = format.sample_rate_hz;
  if (rate >= kMinSampleRateHz && rate <= kMaxSampleRateHz) return absl::OkStatus();
  return InvalidArgument(
      absl::StrCat(parameters.node(), " cannot work at ", rate, " Hz: it takes ", kMinSampleRateHz,
                   " to ", kMaxSampleRateHz, " Hz; resample the input first"),
      {.path = absl::StrCat(parameters.node(), ".in"),
       .value = absl::StrCat(rate, " Hz"),
       .allowed = absl::StrCat(kMinSampleRateHz, " to ", kMaxSampleRateHz, " Hz")});
}

int RubberBandStream::HalfWindowFrames(int sample_rate_hz, bool faster) {
  const int half = std::max(1024, static_cast<int>(std::bit_ceil(sample_rate_hz / 32u)));
  return faster ? half * 5 / 8 : half;
}

int64_t RubberBandStream::MemoryBytes(int sample_rate_hz, int num_channels) {
  // Measured: it grows with the window.
  return (2'000'000 + int64_t{1500} * num_channels * HalfWindowFrames(sample_rate_hz, false)) * 3 /
         2;
}

RubberBandStream::RubberBandStream(const Settings& settings)
    : stretcher_(std::make_unique<RubberBandStretcher>(
          settings.sample_rate_hz, settings.num_channels, std::make_shared<Silence>(),
          Options(settings), settings.time_ratio, PitchScale(settings.semitones))),
      fed_(static_cast<size_t>(settings.num_channels) * kBlockFrames),
      discarded_(fed_.size()) {
  for (int c = 0; c < settings.num_channels; ++c) {
    ins_.push_back(&fed_[c * kBlockFrames]);
    outs_.push_back(&discarded_[c * kBlockFrames]);
  }
  stretcher_->setMaxProcessSize(kBlockFrames);
  if (settings.pitch_moves) {
    TryPitchRange();
    Set(settings.time_ratio, settings.semitones);
    stretcher_->reset();
  }
  drop_frames_ = static_cast<int>(stretcher_->getStartDelay());
  for (int left = static_cast<int>(stretcher_->getPreferredStartPad()); left > 0;) {
    const int count = std::min(left, kBlockFrames);
    stretcher_->process(ins_.data(), count, false);
    left -= count;
  }
  DropDue();
}

RubberBandStream::~RubberBandStream() = default;

void RubberBandStream::TryPitchRange() {
  const int window_blocks = static_cast<int>(stretcher_->getPreferredStartPad()) * 2 / kBlockFrames;
  const std::pair<double, int> tries[] = {
      {-kMaxSemitones, window_blocks + 8}, {kMaxSemitones, 8}, {-kMaxSemitones, 8}};
  for (const auto& [semitones, blocks] : tries) {
    stretcher_->setPitchScale(PitchScale(semitones));
    for (int i = 0; i < blocks; ++i) {
      stretcher_->process(ins_.data(), kBlockFrames, false);
      while (num_available() > 0) {
        stretcher_->retrieve(outs_.data(), std::min(num_available(), kBlockFrames));
      }
    }
  }
}

void RubberBandStream::Set(double time_ratio, double semitones) {
  stretcher_->setTimeRatio(time_ratio);
  stretcher_->setPitchScale(PitchScale(std::clamp(semitones, -kMaxSemitones, kMaxSemitones)));
}

void RubberBandStream::Feed(ConstBlock block) {
  for (int c = 0; c < block.num_channels(); ++c) {
    float* const to = &fed_[c * kBlockFrames];
    const float* const from = block.channel(c).data();
    for (int i = 0; i < kBlockFrames; ++i) to[i] = std::min(std::max(from[i], -1e9f), 1e9f);
  }
  stretcher_->process(ins_.data(), kBlockFrames, false);
  DropDue();
}

void RubberBandStream::Skip(int count) {
  drop_frames_ += count;
  DropDue();
}

void RubberBandStream::DropDue() {
  while (drop_frames_ > 0 && num_available() > 0) {
    const int count = std::min({drop_frames_, num_available(), kBlockFrames});
    stretcher_->retrieve(outs_.data(), count);
    drop_frames_ -= count;
  }
}

int RubberBandStream::num_available() const { return std::max(0, stretcher_->available()); }

void RubberBandStream::Read(Block to) {
  assert(to.num_frames() <= num_available());
  std::array<float*, 64> channels = {};
  for (int c = 0; c < to.num_channels(); ++c) channels[c] = to.channel(c).data();
  stretcher_->retrieve(channels.data(), to.num_frames());
  // At extreme ratios Rubber Band 3.1 divides by zero inside.
  for (int c = 0; c < to.num_channels(); ++c) {
    for (float& sample : to.channel(c)) sample = std::isfinite(sample) ? sample : 0.0f;
  }
}

}  // namespace patchbay
