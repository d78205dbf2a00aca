#include <algorithm>
#include <array>
#include <string>

#include "processors/control/control_processor.h"
#include "processors/control/cycle_clock.h"
#include "processors/control/lfo_wave.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kRate, kDepth, kOffset, kWaveform, kPolarity, kPhase, kWidth, kTempo, kBeats };

LfoWave WaveOf(const std::string& choice) {
  if (choice == "triangle") return LfoWave::kTriangle;
  if (choice == "saw") return LfoWave::kSaw;
  if (choice == "ramp_down") return LfoWave::kRampDown;
  if (choice == "square") return LfoWave::kSquare;
  return LfoWave::kSine;
}

// Cycles as a fraction of 2^32, whole cycles dropped.
uint32_t FixedPoint(float cycles) {
  const float fraction = cycles - static_cast<float>(static_cast<int32_t>(cycles));
  return static_cast<uint32_t>(static_cast<int32_t>(fraction * 0x1p31f)) << 1;
}

class Lfo final : public ControlProcessor<Lfo, CycleClock> {
 public:
  static ProcessorSpec Spec();

  Lfo(const Parameters& parameters, int sample_rate_hz)
      : wave_(WaveOf(parameters.choice("waveform"))),
        is_unipolar_(parameters.choice("polarity") == "unipolar"),
        sample_rate_hz_(sample_rate_hz) {}

  void Run(const ProcessIo& io, CycleClock& clock) const {
    std::array<uint32_t, kMaxFrames> scratch;
    const std::span<uint32_t> phases = std::span(scratch).first(io.num_frames);
    clock.Phases(Rate(io), io.position_frames, phases);
    Modulate(io.controls[kPhase], phases);
    const std::span<float> out = io.control_outs[0];
    RenderLfoWave(wave_, io.controls[kWidth].constant(), phases.data(), io.num_frames, out.data());
    if (is_unipolar_) {
      for (float& value : out) value = 0.5f + 0.5f * value;
    }
    Scale(io.controls[kDepth], io.controls[kOffset], out);
  }

 private:
  CycleRate Rate(const ProcessIo& io) const {
    if (io.controls[kTempo].constant() <= 0) return {io.controls[kRate], sample_rate_hz_};
    return {TempoHz(io.controls[kTempo], io.controls[kBeats]), sample_rate_hz_};
  }

  static void Modulate(const Control& cycles, std::span<uint32_t> phases) {
    if (cycles.is_constant()) {
      const uint32_t offset = FixedPoint(cycles.constant());
      if (offset == 0) return;
      for (uint32_t& phase : phases) phase += offset;
    } else {
      const float* values = cycles.values().data();
      for (size_t i = 0; i < phases.size(); ++i) phases[i] += FixedPoint(values[i]);
    }
  }

  static void Scale(const Control& depth, const Control& offset, std::span<float> out) {
    if (depth.is_constant() && offset.is_constant()) {
      ScaleLfoWave(depth.constant(), offset.constant(), static_cast<int>(out.size()), out.data());
    } else {
      const FrameValues factors(depth, static_cast<int>(out.size()));
      const FrameValues centers(offset, static_cast<int>(out.size()));
      const float* const factor = factors.data();
      const float* const center = centers.data();
      for (size_t i = 0; i < out.size(); ++i) out[i] = center[i] + factor[i] * out[i];
    }
  }

  const LfoWave wave_;
  const bool is_unipolar_;
  const int sample_rate_hz_;
};

ProcessorSpec Lfo::Spec() {
  return {
      .name = "lfo",
      .summary = "A low-frequency oscillator: a control that swings.",
      .doc =
          "out = offset + depth * wave, the wave going from -1 to 1 (bipolar) or 0 to 1 "
          "(unipolar). Sine and triangle rise through their middle at phase 0, saw starts at "
          "the bottom and rises, ramp_down starts at the top and falls, square is high in the "
          "first `width` of the cycle. Edges are sharp: they are not limited in band, as a "
          "control is not heard; slew rounds them. The phase is counted in fixed point and "
          "never drifts; it starts with the clip.",
      .category = "control",
      .example = "lfo(rate_hz=2, depth=6, waveform='triangle')",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The wave, scaled and offset.")},
      .parameters = {{.name = "rate_hz",
                      .unit = Unit::kHertz,
                      .minimum = 0,
                      .maximum = 1000,
                      .default_value = 1,
                      .rate = Rate::kAudio,
                      .doc = "Cycles a second; 0: it stands still."},
                     InAnyUnit({.name = "depth",
                                .default_value = 1,
                                .rate = Rate::kAudio,
                                .smoothing_seconds = 0.01,
                                .doc = "How far it swings from offset; negative: upside down."}),
                     InAnyUnit(
                         {.name = "offset",
                          .default_value = 0,
                          .rate = Rate::kAudio,
                          .smoothing_seconds = 0.01,
                          .doc = "The middle of a bipolar wave, the bottom of a unipolar one."}),
                     {.name = "waveform",
                      .type = ParameterType::kChoice,
                      .choices = {"sine", "triangle", "saw", "ramp_down", "square"},
                      .doc = "The form of a cycle."},
                     {.name = "polarity",
                      .type = ParameterType::kChoice,
                      .choices = {"bipolar", "unipolar"},
                      .doc = "bipolar: to both sides of offset; unipolar: to one side."},
                     {.name = "phase",
                      .unit = Unit::kCycles,
                      .minimum = -16,
                      .maximum = 16,
                      .default_value = 0,
                      .rate = Rate::kAudio,
                      .smoothing_seconds = 0.01,
                      .doc = "Where in the cycle it starts: 0.25 is a quarter ahead."},
                     {.name = "width",
                      .minimum = 0,
                      .maximum = 1,
                      .default_value = 0.5,
                      .rate = Rate::kBlock,
                      .doc = "The part of the cycle for which a square is high."},
                     TempoParameter("rate_hz"),
                     BeatsParameter("a cycle")},
  };
}

const Registration<Lfo> kLfo;

}  // namespace
}  // namespace patchbay
