#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "processors/core/registry.h"
#include "processors/generators/generator.h"
#include "processors/generators/oscillator_kernels.h"
#include "processors/generators/wave_tables.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kFrequency, kPhase, kAmplitude };

using Phases = uint32_t[kMaxFrames];

// The waveform's tables; null for a sine, which needs none.
const WaveTables* TablesFor(const std::string& waveform) {
  if (waveform == "saw") return &WaveTables::Saw();
  if (waveform == "square") return &WaveTables::Square();
  if (waveform == "triangle") return &WaveTables::Triangle();
  return nullptr;
}

// Cycles as a fraction of 2^32, whole cycles dropped.
uint32_t FixedPoint(float cycles) {
  const float fraction = cycles - static_cast<float>(static_cast<int32_t>(cycles));
  return static_cast<uint32_t>(static_cast<int32_t>(fraction * 0x1p31f)) << 1;
}

struct OscillatorMemory {
  void Archive(StateArchive& archive) { archive.Bits(phase); }

  uint64_t phase = 0;  // of the next frame, as a fraction of 2^64: exact, so that it never drifts
};

class Oscillator final : public NativeProcessor<Oscillator, OscillatorMemory> {
 public:
  static ProcessorSpec Spec();

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    Layout layout = GeneratorLayout(parameters, format.sample_rate_hz);
    layout.state_bytes = 2 * sizeof(void*) + sizeof(OscillatorMemory);
    const bool is_sine = parameters.choice("waveform") == "sine";
    layout.shared_bytes = is_sine ? 0 : WaveTables::Bytes();
    return layout;
  }

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Oscillator(parameters, format));
  }

  OscillatorMemory NewMemory() const { return {}; }

  void Run(const ProcessIo& io, OscillatorMemory& memory) const {
    Phases phases;
    Advance(io.controls[kFrequency], io.num_frames, memory.phase, phases);
    Modulate(io.controls[kPhase], io.num_frames, phases);
    const std::span<float> out = io.outs[0].channel(0);
    if (tables_ == nullptr) {
      RenderSine(phases, io.num_frames, out.data());
    } else {
      ReadTables(io.controls[kFrequency], phases, out);
    }
    DropInaudible(io.controls[kFrequency], out);
    Scale(io.controls[kAmplitude], out);
    for (int c = 1; c < io.outs[0].num_channels(); ++c) {
      std::ranges::copy(out, io.outs[0].channel(c).begin());
    }
    end_.Silence(io);
  }

 private:
  Oscillator(const Parameters& parameters, const StreamFormat& format)
      : tables_(TablesFor(parameters.choice("waveform"))),
        sample_rate_hz_(format.sample_rate_hz),
        half_sample_rate_hz_(static_cast<float>(format.sample_rate_hz) / 2),
        end_(GeneratorLayout(parameters, format.sample_rate_hz)) {}

  // The phase of each frame, from the frequency.
  void Advance(const Control& frequency_hz, int num_frames, uint64_t& phase, Phases& phases) const {
    uint64_t next = phase;
    if (frequency_hz.is_constant()) {
      const float hz = frequency_hz.constant();
      uint64_t step;
      PhaseSteps(&hz, 1, sample_rate_hz_, &step);
      for (int i = 0; i < num_frames; ++i, next += step) {
        phases[i] = static_cast<uint32_t>(next >> 32);
      }
    } else {
      uint64_t steps[kMaxFrames];
      PhaseSteps(frequency_hz.values().data(), num_frames, sample_rate_hz_, steps);
      for (int i = 0; i < num_frames; ++i) {
        phases[i] = static_cast<uint32_t>(next >> 32);
        next += steps[i];
      }
    }
    phase = next;
  }

  static void Modulate(const Control& cycles, int num_frames, Phases& phases) {
    if (cycles.is_constant()) {
      const uint32_t offset = FixedPoint(cycles.constant());
      for (int i = 0; i < num_frames; ++i) phases[i] += offset;
    } else {
      const float* values = cycles.values().data();
      for (int i = 0; i < num_frames; ++i) phases[i] += FixedPoint(values[i]);
    }
  }

  bool IsAudible(float frequency_hz) const { return frequency_hz < half_sample_rate_hz_; }

  void ReadTables(const Control& frequency_hz, const Phases& phases, std::span<float> out) const {
    const int num_frames = static_cast<int>(out.size());
    WavePlaces lower, upper;
    float weights[kMaxFrames];
    bool fades = false;
    if (frequency_hz.is_constant()) {
      int32_t step;
      Select(frequency_hz.constant(), step, weights[0]);
      std::fill_n(weights + 1, num_frames - 1, weights[0]);
      fades = weights[0] < 1;
      Locate(step, phases, 0, num_frames, fades, lower, upper);
    } else {
      const float* const hz = frequency_hz.values().data();
      int32_t steps[kMaxFrames];
      for (int i = 0; i < num_frames; ++i) Select(hz[i], steps[i], weights[i]);
      for (int i = 0; i < num_frames; ++i) fades |= weights[i] < 1;
      for (int first = 0; first < num_frames;) {
        int end = first + 1;
        while (end < num_frames && steps[end] == steps[first]) ++end;
        Locate(steps[first], phases, first, end, fades, lower, upper);
        first = end;
      }
    }
    InterpolateWaves(upper, num_frames, out.data());
    if (!fades) return;
    float lower_samples[kMaxFrames];
    InterpolateWaves(lower, num_frames, lower_samples);
    for (int i = 0; i < num_frames; ++i) {
      const float mixed = (1 - weights[i]) * lower_samples[i] + weights[i] * out[i];
      out[i] = weights[i] < 1 ? mixed : out[i];
    }
  }

  void Select(float frequency_hz, int32_t& step, float& weight) const {
    const float harmonics = half_sample_rate_hz_ / frequency_hz;
    step = WaveTables::Step(harmonics);
    weight = WaveTables::Weight(step, harmonics);
  }

  // Where to read frames [first, end) of a step; in the lower table only if it `fades`.
  void Locate(int32_t step, const Phases& phases, int first, int end, bool fades, WavePlaces& lower,
              WavePlaces& upper) const {
    tables_->upper(step)->Locate(phases + first, end - first, upper.samples + first,
                                 upper.fractions + first);
    if (!fades) return;
    tables_->lower(step)->Locate(phases + first, end - first, lower.samples + first,
                                 lower.fractions + first);
  }

  // Silence where the frequency is too high.
  void DropInaudible(const Control& frequency_hz, std::span<float> out) const {
    if (frequency_hz.is_constant()) {
      if (!IsAudible(frequency_hz.constant())) std::ranges::fill(out, 0.0f);
    } else {
      const float* values = frequency_hz.values().data();
      for (size_t i = 0; i < out.size(); ++i) out[i] = IsAudible(values[i]) ? out[i] : 0.0f;
    }
  }

  static void Scale(const Control& amplitude, std::span<float> out) {
    if (amplitude.is_constant()) {
      const float factor = amplitude.constant();
      for (float& sample : out) sample *= factor;
    } else {
      const float* factors = amplitude.values().data();
      for (size_t i = 0; i < out.size(); ++i) out[i] *= factors[i];
    }
  }

  const WaveTables* const tables_;
  const double sample_rate_hz_;
  const float half_sample_rate_hz_;
  const EndOfGenerator end_;
};

ProcessorSpec Oscillator::Spec() {
  return {
      .name = "oscillator",
      .summary = "A tone: sine, saw, square or triangle, without aliasing.",
      .doc =
          "All waveforms rise through zero at phase 0. Saw, square and triangle are read from "
          "band-limited wavetables with up to 1024 harmonics (4-point Lagrange interpolation), "
          "chosen for every frame so that no partial reaches half the sample rate; harmonics "
          "fade over the sixteenth below it. Aliasing and images stay below -90 dB. A frequency "
          "at or above half the sample rate is silent. The phase is counted in 64-bit fixed "
          "point and never drifts. Varying frequency_hz is frequency modulation, varying phase "
          "phase modulation (whose sidebands are not band-limited).",
      .category = "generators",
      .example = "oscillator(waveform='saw', frequency_hz=110)",
      .inputs = {},
      .outputs = {{.name = "out", .doc = "The tone, the same in all channels."}},
      .parameters =
          {{.name = "frequency_hz",
            .unit = Unit::kHertz,
            .minimum = 0.001,
            .maximum = 100000,
            .default_value = 440,
            .mapping = Mapping::kLogarithmic,
            .rate = Rate::kAudio,
            .doc = "Frequency of the fundamental."},
           {.name = "phase",
            .unit = Unit::kCycles,
            .minimum = -16,
            .maximum = 16,
            .default_value = 0,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.01,
            .doc = "Offset of the phase: 0.25 is a quarter of a period ahead."},
           {.name = "amplitude",
            .minimum = 0,
            .maximum = 1,
            .default_value = 0.5,
            .rate = Rate::kAudio,
            .smoothing_seconds = 0.01,
            .doc = "Peak of the ideal waveform. Limiting the band of a saw or square makes it "
                   "overshoot by up to 18 %."},
           {.name = "waveform",
            .type = ParameterType::kChoice,
            .choices = {"sine", "saw", "square", "triangle"},
            .doc = "The form of a period. saw rises; square is positive in its first half."},
           DurationParameter(),
           ChannelsParameter()},
  };
}

const Registration<Oscillator> kOscillator;

}  // namespace
}  // namespace patchbay
