#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "processors/core/errors.h"
#include "processors/core/registry.h"
#include "processors/core/resizing_processor.h"
#include "processors/resampling/rubber_band_stream.h"

namespace patchbay {
namespace {

constexpr int kBlockFrames = RubberBandStream::kBlockFrames;

struct Setting {
  double ratio = 1;
  double semitones = 0;
};

class TimeStretchState final : public ResizingState {
 public:
  TimeStretchState(const RubberBandStream::Settings& settings, int ratio_index, int semitones_index)
      : settings_(settings),
        ratio_index_(ratio_index),
        semitones_index_(semitones_index),
        block_(settings.sample_rate_hz, settings.num_channels, kBlockFrames) {}

  absl::Status Process(const ResizeIo& io) override {
    const double ratio = io.controls[ratio_index_].constant();
    for (int done = 0; done < io.in.num_frames();) {
      const int count = std::min(io.in.num_frames() - done, kBlockFrames - num_held_);
      Copy(io.in.Frames(done, count), block_.Frames(num_held_, count));
      // One by one: the sum must not depend on how the stream is cut.
      for (int i = 0; i < count; ++i) block_ratios_ += ratio;
      num_held_ += count;
      done += count;
      if (num_held_ == kBlockFrames) FeedBlock(io.controls[semitones_index_].constant());
    }
    if (stream_.has_value()) Read(std::floor(length_), io.out);
    if (io.is_last) Finish(io);
    return absl::OkStatus();
  }

 private:
  // The work is half a window behind the input, and so are its settings.
  void FeedBlock(double semitones) {
    const Setting newest = {block_ratios_ / num_held_, semitones};
    length_ += block_ratios_;
    if (!stream_.has_value()) {
      settings_.time_ratio = newest.ratio;
      settings_.semitones = newest.semitones;
      // A pitch that stays at 0 costs half as much, and is not told from one that leaves it later.
      settings_.pitch_moves = newest.semitones != 0;
      stream_.emplace(settings_);
      const int behind =
          RubberBandStream::HalfWindowFrames(settings_.sample_rate_hz, settings_.faster);
      settings_ahead_.assign(std::max(1, behind / kBlockFrames), newest);
    }
    Feed(newest);
    block_ratios_ = 0;
    num_held_ = 0;
  }

  void Feed(const Setting& newest) {
    Setting& due = settings_ahead_[next_setting_];
    stream_->Set(due.ratio, due.semitones);
    stream_->Feed(block_.Frames(0, kBlockFrames));
    due = newest;
    next_setting_ = (next_setting_ + 1) % settings_ahead_.size();
  }

  // What has come out, up to `end` frames in all.
  void Read(double end, FrameQueue& out) {
    const int64_t wanted = static_cast<int64_t>(end) - num_out_;
    int count = static_cast<int>(std::min<int64_t>(wanted, stream_->num_available()));
    num_out_ += std::max(0, count);
    for (; count > 0; count -= kBlockFrames) {
      stream_->Read(out.Append(std::min(count, kBlockFrames)));
    }
  }

  void Finish(const ResizeIo& io) {
    if (num_held_ > 0) {
      Fill(block_.Frames(num_held_, kBlockFrames - num_held_), 0);
      FeedBlock(io.controls[semitones_index_].constant());
    }
    if (!stream_.has_value()) return;
    const double end = std::round(length_);
    Fill(block_.Frames(0, kBlockFrames), 0);
    const Setting last =
        settings_ahead_[(next_setting_ + settings_ahead_.size() - 1) % settings_ahead_.size()];
    // At a ratio of 1/10 and a window of 16384 frames, what is held comes out within 640 blocks.
    for (int i = 0; i < 1000 && num_out_ < end; ++i) {
      Feed(last);
      Read(end, io.out);
    }
    for (; num_out_ < end; ++num_out_) Fill(io.out.Append(1), 0);
  }

  RubberBandStream::Settings settings_;
  const int ratio_index_;
  const int semitones_index_;
  std::optional<RubberBandStream> stream_;  // from the first block on: it starts with its settings
  std::vector<Setting> settings_ahead_;
  size_t next_setting_ = 0;
  Clip block_;
  int num_held_ = 0;         // frames in block_
  double block_ratios_ = 0;  // the sum of their ratios
  double length_ = 0;        // of the output so far, exactly
  int64_t num_out_ = 0;
};

class TimeStretch final : public ResizingProcessor {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "time_stretch",
        .summary = "Makes a clip longer or shorter without changing its pitch.",
        .doc =
            "The phase vocoder of the Rubber Band Library, engine R3, in real-time mode. The "
            "output is as long as the sum of the ratio over all frames; a ratio that moves is a "
            "map of time. The pitch can be shifted at the same time. finer analyses with windows "
            "of several lengths; faster with one, at a third of the cost. A pitch that leaves 0 "
            "after the first frames steps in time by 2 ms when it does. Works at 8 to 192 kHz.",
        .category = "resampling",
        .example = "time_stretch(ratio=1.5)",
        .timing = Timing::kResizing,
        .checkpointable = false,
        .parameters =
            {
                {
                    .name = "ratio",
                    .minimum = 0.1,
                    .maximum = 10,
                    .default_value = 1,
                    .mapping = Mapping::kLogarithmic,
                    .rate = Rate::kBlock,
                    .doc = "Length of the output by that of the input: 2 is twice as long.",
                },
                {
                    .name = "pitch_semitones",
                    .unit = Unit::kSemitones,
                    .minimum = -RubberBandStream::kMaxSemitones,
                    .maximum = RubberBandStream::kMaxSemitones,
                    .default_value = 0,
                    .rate = Rate::kBlock,
                    .doc = "Change of pitch; 12 is an octave up.",
                },
                {
                    .name = "engine",
                    .type = ParameterType::kChoice,
                    .choices = {"finer", "faster"},
                    .doc = "Quality or speed.",
                },
                {
                    .name = "formants",
                    .type = ParameterType::kChoice,
                    .choices = {"shifted", "preserved"},
                    .doc = "Whether the spectral envelope moves with the pitch, or stays, as a "
                           "voice's should.",
                },
            },
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    PATCHBAY_RETURN_IF_ERROR(RubberBandStream::CheckFormat(parameters, format));
    const int num_channels = format.input_channels[0];
    return Layout{
        .output_channels = {num_channels},
        .state_bytes = RubberBandStream::MemoryBytes(format.sample_rate_hz, num_channels),
    };
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<TimeStretch>(parameters, format);
  }

  TimeStretch(const Parameters& parameters, const StreamFormat& format)
      : settings_{.sample_rate_hz = format.sample_rate_hz,
                  .num_channels = format.input_channels[0],
                  .faster = parameters.choice("engine") == "faster",
                  .preserve_formants = parameters.choice("formants") == "preserved"},
        ratio_index_(parameters.index("ratio")),
        semitones_index_(parameters.index("pitch_semitones")) {}

  std::unique_ptr<ResizingState> NewState() const override {
    return std::make_unique<TimeStretchState>(settings_, ratio_index_, semitones_index_);
  }

 private:
  const RubberBandStream::Settings settings_;
  const int ratio_index_;
  const int semitones_index_;
};

const Registration<TimeStretch> kTimeStretch;

}  // namespace
}  // namespace patchbay
