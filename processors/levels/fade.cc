#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "processors/core/processor.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

// Curves from 0 to 1 over x from 0 to 1.
double Linear(double x) { return x; }
double EqualPower(double x) { return std::sin(0.5 * std::numbers::pi * x); }
double Smooth(double x) { return x * x * (3 - 2 * x); }
// A straight line in decibels over 60 dB, moved down to begin at silence.
double Exponential(double x) { return (std::pow(1000, x) - 1) / 999; }

int64_t Frames(double seconds, const StreamFormat& format) {
  return std::llround(seconds * format.sample_rate_hz);
}

// The last frames of the input, per channel in a circle.
struct Memory {
  void Archive(StateArchive& archive) {
    archive.Values(delayed);
    archive.Index(next, std::max<int64_t>(1, delay_frames));
  }

  int64_t delay_frames;
  std::vector<float> delayed;  // channels x delay_frames
  int64_t next = 0;            // frame of `delayed` that is read and replaced next
};

class Fade final : public NativeProcessor<Fade, Memory> {
 public:
  static ProcessorSpec Spec() {
    return {
        .name = "fade",
        .summary = "Fades a clip in at its start and out at its end.",
        .doc =
            "Frame n of a fade of N frames has the gain curve((n + 1/2) / N), going out the "
            "mirror image, so that two linear fades over each other add up to 1. The audio is "
            "delayed by out_seconds, until the end of the clip is known. A clip shorter than "
            "out_seconds fades out over its whole length; where both fades meet, their gains "
            "multiply.",
        .category = "levels",
        .example = "fade(in_seconds=0.01, out_seconds=0.5)",
        .in_place = true,
        .parameters =
            {
                {
                    .name = "in_seconds",
                    .unit = Unit::kSeconds,
                    .minimum = 0,
                    .maximum = 60,
                    .default_value = 0.01,
                    .doc = "Length of the fade at the start.",
                },
                {
                    .name = "out_seconds",
                    .unit = Unit::kSeconds,
                    .minimum = 0,
                    .maximum = 60,
                    .default_value = 0.01,
                    .doc = "Length of the fade at the end; also the latency.",
                },
                {
                    .name = "curve",
                    .type = ParameterType::kChoice,
                    .choices = {"linear", "equal_power", "exponential", "smooth"},
                    .doc =
                        "linear; equal_power, a quarter sine, for crossfades of unrelated sounds; "
                        "exponential, even to the ear over 60 dB; smooth, without corners.",
                },
            },
    };
  }

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const int64_t delay_frames = Frames(parameters.number("out_seconds"), format);
    constexpr int64_t kStateObject = 64;  // what NativeProcessor puts around a Memory
    return Layout{
        .output_channels = {format.input_channels[0]},
        .latency_frames = delay_frames,
        .state_bytes =
            static_cast<int64_t>(sizeof(Memory) + kStateObject +
                                 delay_frames * format.input_channels[0] * sizeof(float)),
    };
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::make_shared<Fade>(parameters, format);
  }

  Fade(const Parameters& parameters, const StreamFormat& format)
      : in_frames_(Frames(parameters.number("in_seconds"), format)),
        out_frames_(Frames(parameters.number("out_seconds"), format)),
        num_channels_(format.input_channels[0]),
        curve_(Choose(parameters.choice("curve"))) {}

  Memory NewMemory() const {
    return {.delay_frames = out_frames_,
            .delayed = std::vector<float>(out_frames_ * num_channels_)};
  }

  void Run(const ProcessIo& io, Memory& memory) const {
    const Block out = io.outs[0];
    Copy(io.ins[0], out);
    if (out_frames_ > 0) Delay(out, memory);
    ApplyGains(io.position_frames - out_frames_, io.end_frame, out);
  }

 private:
  using Curve = double (*)(double);

  static Curve Choose(const std::string& curve) {
    if (curve == "equal_power") return &EqualPower;
    if (curve == "exponential") return &Exponential;
    if (curve == "smooth") return &Smooth;
    return &Linear;
  }

  void Delay(Block block, Memory& memory) const {
    for (int done = 0; done < block.num_frames();) {
      const int count =
          static_cast<int>(std::min<int64_t>(block.num_frames() - done, out_frames_ - memory.next));
      for (int c = 0; c < num_channels_; ++c) {
        std::swap_ranges(block.channel(c).begin() + done, block.channel(c).begin() + done + count,
                         memory.delayed.begin() + c * out_frames_ + memory.next);
      }
      memory.next = (memory.next + count) % out_frames_;
      done += count;
    }
  }

  // `block` holds the clip from frame `first` on. Its end is known by the time that it matters:
  // the frames within out_frames_ of it come out after the input has reached it.
  void ApplyGains(int64_t first, int64_t end, Block block) const {
    const int64_t out_frames = std::clamp<int64_t>(end, 0, out_frames_);
    const int64_t out_begin = end - out_frames;
    if (first >= in_frames_ && first + block.num_frames() <= out_begin) return;

    std::array<float, kMaxFrames> gains;
    for (int i = 0; i < block.num_frames(); ++i) {
      const int64_t frame = first + i;
      double gain = frame < 0 || frame >= end ? 0 : 1;
      if (frame >= 0 && frame < in_frames_) gain *= curve_((frame + 0.5) / in_frames_);
      if (frame >= out_begin && frame < end) gain *= curve_((end - frame - 0.5) / out_frames);
      gains[i] = static_cast<float>(gain);
    }
    for (int c = 0; c < block.num_channels(); ++c) {
      const std::span<float> samples = block.channel(c);
      for (int i = 0; i < block.num_frames(); ++i) samples[i] *= gains[i];
    }
  }

  const int64_t in_frames_;
  const int64_t out_frames_;
  const int num_channels_;
  const Curve curve_;
};

const Registration<Fade> kFade;

}  // namespace
}  // namespace patchbay
