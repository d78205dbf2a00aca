#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/registry.h"
#include "processors/time/partitioned_convolver.h"

namespace patchbay {
namespace {

// A larger sample is a mistake, and could overflow a sum.
constexpr float kLargestSample = 1e6f;

struct Routing {
  int num_outputs;
  std::vector<ConvolutionPath> paths;
};

absl::StatusOr<Routing> Route(const Parameters& parameters, int audio_channels,
                              int impulse_channels) {
  if (impulse_channels == 4 && audio_channels == 2) {
    return Routing{2, {{0, 0, 0}, {0, 1, 1}, {1, 0, 2}, {1, 1, 3}}};
  }
  if (impulse_channels == 2 && audio_channels == 1) return Routing{2, {{0, 0, 0}, {0, 1, 1}}};
  if (impulse_channels != 1 && impulse_channels != audio_channels) {
    return parameters.Error(
        "impulse",
        absl::StrCat("has ", impulse_channels, " channels but the audio has ", audio_channels,
                     "; give a response with one channel, with as many as the audio, "
                     "with 2 for mono audio, or with 4 for stereo audio"));
  }
  Routing routing = {audio_channels, {}};
  for (int c = 0; c < audio_channels; ++c) {
    routing.paths.push_back({c, c, impulse_channels == 1 ? 0 : c});
  }
  return routing;
}

absl::Status CheckImpulse(const Parameters& parameters, const StreamFormat& format) {
  const Clip& impulse = *parameters.clip("impulse");
  if (impulse.num_frames() == 0 || impulse.num_channels() == 0) {
    return parameters.Error("impulse", "is empty; it needs at least one frame");
  }
  if (impulse.sample_rate_hz() != format.sample_rate_hz) {
    return parameters.Error(
        "impulse", absl::StrCat("is at ", impulse.sample_rate_hz(), " Hz but the audio is at ",
                                format.sample_rate_hz, " Hz; resample one of them"));
  }
  for (int c = 0; c < impulse.num_channels(); ++c) {
    const std::span<const float> samples = impulse.channel(c);
    const auto bad =
        std::ranges::find_if_not(samples, [](float x) { return std::abs(x) <= kLargestSample; });
    if (bad == samples.end()) continue;
    return parameters.Error(
        "impulse", absl::StrCat("holds ", *bad, " at frame ", bad - samples.begin(), " of channel ",
                                c, "; samples must be finite and within ±", kLargestSample));
  }
  return absl::OkStatus();
}

// 1 / sqrt of the energy of the responses that sum into the loudest output.
double Normalization(const Clip& impulse, const Routing& routing) {
  std::vector<double> energies(routing.num_outputs);
  for (const ConvolutionPath& path : routing.paths) {
    for (const double x : impulse.channel(path.response)) energies[path.output] += x * x;
  }
  const double largest = std::ranges::max(energies);
  return largest > 0 ? 1 / std::sqrt(largest) : 1;
}

ConvolverShape ShapeOf(const Clip& impulse, const StreamFormat& format, const Routing& routing) {
  return {.num_inputs = format.input_channels[0],
          .num_outputs = routing.num_outputs,
          .num_responses = impulse.num_channels(),
          .num_taps = impulse.num_frames()};
}

class Convolution final : public NativeProcessor<Convolution, PartitionedConvolver::Memory> {
 public:
  Convolution(int mix_index, PartitionedConvolver convolver)
      : mix_index_(mix_index), convolver_(std::move(convolver)) {}

  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);
  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format);

  PartitionedConvolver::Memory NewMemory() const { return convolver_.NewMemory(); }
  void Run(const ProcessIo& io, PartitionedConvolver::Memory& memory) const;

 private:
  const int mix_index_;
  const PartitionedConvolver convolver_;
};

ProcessorSpec Convolution::Spec() {
  return {
      .name = "convolution",
      .summary = "Gives audio the sound of a room, a loudspeaker or any other impulse response.",
      .doc =
          "Convolves with a response of any length, without latency: non-uniform partitioned "
          "convolution (Gardner 1995, Garcia 2002). A response with one channel applies to every "
          "channel; with as many channels as the audio, channel by channel; with 2, mono audio "
          "becomes stereo; with 4, stereo audio is convolved in true stereo: the response's "
          "channels are left to left, left to right, right to left, right to right.",
      .category = "time",
      .example = "convolution(impulse=@hall, mix=0.3)",
      .parameters = {{
                         .name = "impulse",
                         .type = ParameterType::kClip,
                         .required = true,
                         .doc = "The impulse response, at the sample rate of the audio.",
                     },
                     {
                         .name = "mix",
                         .minimum = 0,
                         .maximum = 1,
                         .default_value = 1,
                         .rate = Rate::kAudio,
                         .smoothing_seconds = 0.01,
                         .doc = "0 is the audio as it was, 1 only the convolved audio, between "
                                "them a linear mixture.",
                     },
                     {
                         .name = "normalize",
                         .type = ParameterType::kBoolean,
                         .default_value = 0,
                         .doc =
                             "Scales the whole response so that the energy (sum of squares) that "
                             "reaches the loudest output is 1: independent white noise in all "
                             "channels comes out no louder than it went in.",
                     }},
  };
}

absl::StatusOr<Layout> Convolution::Plan(const Parameters& parameters, const StreamFormat& format) {
  PATCHBAY_RETURN_IF_ERROR(CheckImpulse(parameters, format));
  const Clip& impulse = *parameters.clip("impulse");
  PATCHBAY_ASSIGN_OR_RETURN(const Routing routing,
                            Route(parameters, format.input_channels[0], impulse.num_channels()));
  const ConvolverShape shape = ShapeOf(impulse, format, routing);
  return Layout{
      .output_channels = {routing.num_outputs},
      .tail_frames = impulse.num_frames() - 1,
      .state_bytes = PartitionedConvolver::MemoryBytes(shape),
      .shared_bytes =
          PartitionedConvolver::SharedBytes(shape) + static_cast<int64_t>(sizeof(Convolution)),
  };
}

absl::StatusOr<std::shared_ptr<const Processor>> Convolution::Create(const Parameters& parameters,
                                                                     const StreamFormat& format) {
  const Clip& impulse = *parameters.clip("impulse");
  PATCHBAY_ASSIGN_OR_RETURN(const Routing routing,
                            Route(parameters, format.input_channels[0], impulse.num_channels()));
  std::vector<std::span<const float>> responses;
  for (int c = 0; c < impulse.num_channels(); ++c) responses.push_back(impulse.channel(c));
  const double scale = parameters.boolean("normalize") ? Normalization(impulse, routing) : 1;
  return std::make_shared<Convolution>(
      parameters.index("mix"),
      PartitionedConvolver(ShapeOf(impulse, format, routing), routing.paths, responses, scale));
}

void Convolution::Run(const ProcessIo& io, PartitionedConvolver::Memory& memory) const {
  const ConstBlock in = io.ins[0];
  const Block out = io.outs[0];
  convolver_.Process(in, out, memory);
  const Control mix = io.controls[mix_index_];
  if (mix.is_constant() && mix.constant() == 1) return;
  for (int c = 0; c < out.num_channels(); ++c) {
    const float* dry = in.channel(std::min(c, in.num_channels() - 1)).data();
    float* wet = out.channel(c).data();
    if (mix.is_constant()) {
      const float m = mix.constant();
      for (int n = 0; n < io.num_frames; ++n) wet[n] = m * wet[n] + (1 - m) * dry[n];
    } else {
      const float* m = mix.values().data();
      for (int n = 0; n < io.num_frames; ++n) wet[n] = m[n] * wet[n] + (1 - m[n]) * dry[n];
    }
  }
}

const Registration<Convolution> kConvolution;

}  // namespace
}  // namespace patchbay
