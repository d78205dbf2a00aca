#include <memory>
#include <vector>

#include "processors/core/registry.h"
#include "processors/generators/generator.h"
#include "processors/generators/pink_filter.h"

namespace patchbay {
namespace {

// The finaliser of SplitMix64 (Steele, Lea & Flood, "Fast Splittable Pseudorandom Number
// Generators", OOPSLA 2014): a bijection whose values at equally spaced points look random.
uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15u;

// Uniform in [-1, 1), on multiples of 2^-23: exact in a float.
void FillWhite(uint64_t key, int64_t frame, std::span<float> out) {
  uint64_t counter = key + static_cast<uint64_t>(frame) * kGolden;
  for (float& sample : out) {
    sample = static_cast<float>(static_cast<int32_t>(static_cast<int64_t>(Mix(counter)) >> 40)) *
             0x1p-23f;
    counter += kGolden;
  }
}

struct NoiseMemory {
  void Archive(StateArchive& archive) {
    archive.Bits(frame);
    for (PinkFilter::Memory& memory : pink) {
      archive.Values(memory.poles);
      archive.Value(memory.previous);
    }
  }

  int64_t frame = 0;                     // next one's number
  std::vector<PinkFilter::Memory> pink;  // per channel; none for white noise
};

class NoiseGenerator final : public NativeProcessor<NoiseGenerator, NoiseMemory> {
 public:
  static ProcessorSpec Spec();

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    Layout layout = GeneratorLayout(parameters, format.sample_rate_hz);
    const int64_t num_filters = IsPink(parameters) ? layout.output_channels[0] : 0;
    layout.state_bytes = static_cast<int64_t>(2 * sizeof(void*) + sizeof(NoiseMemory) +
                                              num_filters * sizeof(PinkFilter::Memory));
    return layout;
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new NoiseGenerator(parameters, format));
  }

  NoiseMemory NewMemory() const {
    return {.pink = std::vector<PinkFilter::Memory>(is_pink_ ? keys_.size() : 0)};
  }

  void Run(const ProcessIo& io, NoiseMemory& memory) const {
    const Control& amplitude = io.controls[0];
    for (size_t c = 0; c < keys_.size(); ++c) {
      const std::span<float> out = io.outs[0].channel(static_cast<int>(c));
      FillWhite(keys_[c], memory.frame, out);
      if (is_pink_) filter_.Process(out, memory.pink[c]);
      if (amplitude.is_constant()) {
        const float factor = amplitude.constant();
        for (float& sample : out) sample *= factor;
      } else {
        const float* factors = amplitude.values().data();
        for (size_t i = 0; i < out.size(); ++i) out[i] *= factors[i];
      }
    }
    memory.frame += io.num_frames;
    end_.Silence(io);
  }

 private:
  NoiseGenerator(const Parameters& parameters, const StreamFormat& format)
      : is_pink_(IsPink(parameters)),
        filter_(format.sample_rate_hz),
        end_(GeneratorLayout(parameters, format.sample_rate_hz)) {
    const uint64_t seed = Mix(static_cast<uint64_t>(parameters.integer("seed")) + kGolden);
    for (int c = 0; c < parameters.integer("channels"); ++c) keys_.push_back(Mix(seed + c));
  }

  static bool IsPink(const Parameters& parameters) { return parameters.choice("color") == "pink"; }

  const bool is_pink_;
  const PinkFilter filter_;
  const EndOfGenerator end_;
  std::vector<uint64_t> keys_;  // per channel
};

ProcessorSpec NoiseGenerator::Spec() {
  return {
      .name = "noise",
      .summary = "White or pink noise, the same for the same seed.",
      .doc =
          "White: independent samples, uniform in [-amplitude, amplitude], from a counter-based "
          "generator (SplitMix64). Pink: the same through a filter of alternating poles and "
          "zeros, -3 dB per octave within 0.1 dB from 20 Hz to 0.46 of the sample rate; nearly "
          "Gaussian, with an RMS of a fifth of amplitude, so that peaks seldom exceed amplitude. "
          "Pink noise starts from silence. Channels are independent of each other.",
      .category = "generators",
      .example = "noise(color='pink', seed=7)",
      .inputs = {},
      .outputs = {{.name = "out", .doc = "The noise."}},
      .parameters = {{.name = "amplitude",
                      .minimum = 0,
                      .maximum = 1,
                      .default_value = 0.5,
                      .rate = Rate::kAudio,
                      .smoothing_seconds = 0.01,
                      .doc = "Peak of white noise, five times the RMS of pink noise."},
                     {.name = "color",
                      .type = ParameterType::kChoice,
                      .choices = {"white", "pink"},
                      .doc = "white: equal power per hertz; pink: equal power per octave."},
                     {.name = "seed",
                      .type = ParameterType::kInteger,
                      .minimum = 0,
                      .maximum = 2147483647,
                      .default_value = 0,
                      .doc = "Another seed, another noise; the same seed, the same noise."},
                     DurationParameter(),
                     ChannelsParameter()},
  };
}

const Registration<NoiseGenerator> kNoise;

}  // namespace
}  // namespace patchbay
