#include <algorithm>
#include <cmath>
#include <memory>

#include "processors/core/errors.h"
#include "processors/core/processor.h"
#include "processors/core/registry.h"
#include "processors/resampling/rubber_band_stream.h"

namespace patchbay {
namespace {

constexpr int kBlockFrames = RubberBandStream::kBlockFrames;

class PitchShiftState final : public State {
 public:
  PitchShiftState(const RubberBandStream::Settings& settings, int64_t latency_frames,
                  int semitones_index)
      : stream_(settings),
        block_(settings.sample_rate_hz, settings.num_channels, kBlockFrames),
        num_silent_(latency_frames),
        semitones_index_(semitones_index) {}

 private:
  void Run(const ProcessIo& io) override {
    for (int done = 0; done < io.num_frames;) {
      const int count = std::min(io.num_frames - done, kBlockFrames - num_held_);
      Copy(io.ins[0].Frames(done, count), block_.Frames(num_held_, count));
      num_held_ += count;
      // Before the block is fed, so that it does not matter how the stream is cut.
      Read(io.outs[0].Frames(done, count));
      done += count;
      if (num_held_ < kBlockFrames) continue;
      stream_.Set(1, io.controls[semitones_index_].constant());
      stream_.Feed(block_.Frames(0, kBlockFrames));
      num_held_ = 0;
    }
  }

  void Read(Block out) {
    const int silent = static_cast<int>(std::min<int64_t>(num_silent_, out.num_frames()));
    Fill(out.Frames(0, silent), 0);
    num_silent_ -= silent;
    const int wanted = out.num_frames() - silent;
    const int count = std::min(wanted, stream_.num_available());
    stream_.Read(out.Frames(silent, count));
    // Should the library ever be late, what is missing is left out, so that the latency stays.
    Fill(out.Frames(silent + count, wanted - count), 0);
    stream_.Skip(wanted - count);
  }

  // Never asked: the library's memory cannot be saved.
  void Archive(StateArchive&) override {}

  RubberBandStream stream_;
  Clip block_;
  int num_held_ = 0;    // frames in block_
  int64_t num_silent_;  // of the latency that are still to come
  const int semitones_index_;
};

class PitchShift final : public StreamingProcessor {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "pitch_shift",
        .summary = "Changes the pitch without changing the speed.",
        .doc =
            "The phase vocoder of the Rubber Band Library, engine R3, in real-time mode, at 8 to "
            "192 kHz. The latency follows from the value of pitch_semitones in the description: at "
            "48 kHz 0.1 s for 0, 0.08 s for 12, 0.14 s for -12; with engine faster, about two "
            "thirds of that. When the pitch moves, sounds come later than that while it is lower, "
            "and earlier while it is higher. finer analyses with windows of several lengths; "
            "faster with one, at a third of the cost.",
        .category = "resampling",
        .example = "pitch_shift(pitch_semitones=-5)",
        .checkpointable = false,
        .parameters =
            {
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
                    .doc = "Quality, or speed and less latency.",
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
        .latency_frames = Latency(parameters, format),
        .state_bytes = RubberBandStream::MemoryBytes(format.sample_rate_hz, num_channels),
    };
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<PitchShift>(parameters, format);
  }

  PitchShift(const Parameters& parameters, const StreamFormat& format)
      : settings_{.sample_rate_hz = format.sample_rate_hz,
                  .num_channels = format.input_channels[0],
                  .faster = parameters.choice("engine") == "faster",
                  .preserve_formants = parameters.choice("formants") == "preserved",
                  .pitch_moves = true,
                  .semitones = parameters.number("pitch_semitones")},
        latency_frames_(Latency(parameters, format)),
        semitones_index_(parameters.index("pitch_semitones")) {}

  std::unique_ptr<State> NewState() const override {
    return std::make_unique<PitchShiftState>(settings_, latency_frames_, semitones_index_);
  }

 private:
  // Half a window before the work, another one after it, which is then resampled; the block that is
  // being collected, and two blocks for the steps in which the library works.
  static int64_t Latency(const Parameters& parameters, const StreamFormat& format) {
    const int half = RubberBandStream::HalfWindowFrames(format.sample_rate_hz,
                                                        parameters.choice("engine") == "faster");
    return half + std::llround(half * std::exp2(-parameters.number("pitch_semitones") / 12)) +
           3 * kBlockFrames;
  }

  const RubberBandStream::Settings settings_;
  const int64_t latency_frames_;
  const int semitones_index_;
};

const Registration<PitchShift> kPitchShift;

}  // namespace
}  // namespace patchbay
