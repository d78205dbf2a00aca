#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "processors/analysis/frame_history.h"
#include "processors/analysis/hann_window.h"
#include "processors/analysis/hops.h"
#include "processors/analysis/real_fft.h"
#include "processors/core/fast_math.h"
#include "processors/core/registry.h"

namespace patchbay {
namespace {

enum { kCentroid, kFlatness, kRolloff, kFlux, kNumOutputs };

constexpr int kRolloffPart = 2;  // position in the parameter table
constexpr unsigned kMinWindowFrames = 16;
constexpr float kMinPower = 1e-20f;     // of a bin
constexpr double kSilentPower = 1e-12;  // of all bins: -120 dB

struct SpectralMemory {
  SpectralMemory(int window_frames, int num_bins)
      : history(window_frames),
        directions(num_bins),
        frames(window_frames),
        spectrum(2 * num_bins),
        magnitudes(num_bins) {}

  void Archive(StateArchive& archive) {
    history.Archive(archive);
    archive.Values(directions);
    archive.Values(values);
  }

  FrameHistory history;
  std::vector<float> directions;  // the magnitudes of the window before, as a vector of length 1
  std::array<float, kNumOutputs> values = {};
  AlignedFloats frames, spectrum, magnitudes;  // scratch
};

class Spectral final : public NativeProcessor<Spectral, SpectralMemory> {
 public:
  static ProcessorSpec Spec();
  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format);

  static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters& parameters,
                                                                 const StreamFormat& format) {
    return std::shared_ptr<const Processor>(new Spectral(parameters, format));
  }

  SpectralMemory NewMemory() const { return SpectralMemory(fft_.size(), fft_.num_bins()); }

  void Run(const ProcessIo& io, SpectralMemory& memory) const {
    CutAtHops(
        io.position_frames, io.num_frames, hop_frames_,
        [&](int first, int count) {
          memory.history.Push(io.ins[0].Frames(first, count));
          for (int i = 0; i < kNumOutputs; ++i) {
            std::ranges::fill(io.control_outs[i].subspan(first, count), memory.values[i]);
          }
        },
        [&] { Analyse(io.controls[kRolloffPart].constant(), memory); });
  }

 private:
  Spectral(const Parameters& parameters, const StreamFormat& format)
      : sample_rate_hz_(format.sample_rate_hz),
        hop_frames_(HopFrames(parameters, format)),
        fft_(RealFft::OfSize(WindowFrames(parameters, format))),
        window_(HannWindow(fft_.size())) {}

  static int WindowFrames(const Parameters& parameters, const StreamFormat& format) {
    const double least = std::round(parameters.number("window_seconds") * format.sample_rate_hz);
    return static_cast<int>(
        std::bit_ceil(std::max(static_cast<unsigned>(least), kMinWindowFrames)));
  }

  static int HopFrames(const Parameters& parameters, const StreamFormat& format) {
    const double frames = std::round(parameters.number("hop_seconds") * format.sample_rate_hz);
    return std::max(1, static_cast<int>(frames));
  }

  void Analyse(float rolloff_part, SpectralMemory& memory) const;

  const double sample_rate_hz_;
  const int hop_frames_;
  const RealFft& fft_;
  const AlignedFloats window_;
};

void Spectral::Analyse(float rolloff_part, SpectralMemory& memory) const {
  memory.history.Read(window_.data(), fft_.size(), memory.frames.data());
  fft_.Forward(memory.frames.data(), memory.spectrum.data());
  const int num_bins = fft_.num_bins();
  const float* spectrum = memory.spectrum.data();
  float* magnitudes = memory.magnitudes.data();
  double power = 0, octaves = 0;
  for (int k = 0; k < num_bins; ++k) {
    const float p = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    power += p;
    octaves += FastLog2(std::max(p, kMinPower));
    magnitudes[k] = std::sqrt(p);
  }
  std::array<float, kNumOutputs>& values = memory.values;
  if (power < kSilentPower) {
    values = {};
    std::ranges::fill(memory.directions, 0.0f);
    return;
  }

  const float scale = static_cast<float>(1 / std::sqrt(power));
  double sum = 0, moment = 0, change = 0;
  for (int k = 0; k < num_bins; ++k) {
    sum += magnitudes[k];
    moment += static_cast<double>(k) * magnitudes[k];
    const float direction = magnitudes[k] * scale;
    const double difference = direction - memory.directions[k];
    change += difference * difference;
    memory.directions[k] = direction;
  }
  int rolloff_bin = 0;
  for (double below = magnitudes[0]; below < rolloff_part * sum && rolloff_bin < num_bins - 1;) {
    below += magnitudes[++rolloff_bin];
  }
  const double bin_hz = sample_rate_hz_ / fft_.size();
  const double geometric_mean = std::exp2(octaves / num_bins);
  values[kCentroid] = static_cast<float>(moment / sum * bin_hz);
  values[kFlatness] = static_cast<float>(std::min(1.0, geometric_mean / (power / num_bins)));
  values[kRolloff] = static_cast<float>(rolloff_bin * bin_hz);
  values[kFlux] = static_cast<float>(change);
}

absl::StatusOr<Layout> Spectral::Plan(const Parameters& parameters, const StreamFormat& format) {
  const int64_t window_frames = WindowFrames(parameters, format);
  const int64_t bytes = window_frames * static_cast<int64_t>(sizeof(float));
  constexpr int64_t kRest = sizeof(SpectralMemory) + 4 * sizeof(float);  // one bin more than half
  return Layout{.latency_frames = (window_frames + HopFrames(parameters, format)) / 2,
                .state_bytes = 4 * bytes + kRest,
                .shared_bytes = bytes};
}

ProcessorSpec Spectral::Spec() {
  return {
      .name = "spectral",
      .summary = "Measures the colour of sound: spectral centroid, flatness, rolloff, flux.",
      .doc =
          "Statistics of the magnitudes M[k] of the spectrum of the mean of the channels, "
          "through a Hann window of window_seconds, rounded up to a power of two frames, every "
          "hop_seconds; values are held in between, and 0 in silence (-120 dB). Centroid: sum "
          "f[k] M[k] / sum M[k]. Flatness: geometric over arithmetic mean of M[k]^2. Rolloff: "
          "the lowest frequency with rolloff_part of sum M[k] at and below it. Flux: sum of the "
          "squared differences from the window before of M[k] / sqrt(sum M[k]^2). The latency "
          "is half a window and half a hop, so that values stand for the middle of their "
          "window. After Tzanetakis & Cook, Musical Genre Classification of Audio Signals, "
          "IEEE Trans. Speech and Audio Processing 10(5), 2002, and Peeters, A Large Set of "
          "Audio Features, IRCAM, 2004.",
      .category = "analysis",
      .example = "spectral(window_seconds=0.04, hop_seconds=0.01)",
      .outputs = {},
      .control_outputs = {{.name = "centroid_hz",
                           .unit = Unit::kHertz,
                           .doc = "Where the middle of the spectrum is: brightness."},
                          {.name = "flatness",
                           .doc = "0 for a tone, about 0.56 for white noise, 1 for an impulse."},
                          {.name = "rolloff_hz",
                           .unit = Unit::kHertz,
                           .doc = "Where most of the spectrum ends."},
                          {.name = "flux",
                           .doc = "How much the spectrum changes whatever its level: 0 for not at "
                                  "all, 2 if it has nothing in common with the one before, 1 "
                                  "after silence."}},
      .parameters = {{.name = "window_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0.001,
                      .maximum = 0.5,
                      .default_value = 0.04,
                      .mapping = Mapping::kLogarithmic,
                      .doc = "Length of the window; longer tells frequencies better apart."},
                     {.name = "hop_seconds",
                      .unit = Unit::kSeconds,
                      .minimum = 0.001,
                      .maximum = 1,
                      .default_value = 0.01,
                      .mapping = Mapping::kLogarithmic,
                      .doc = "Time from one window to the next."},
                     {.name = "rolloff_part",
                      .minimum = 0.01,
                      .maximum = 0.99,
                      .default_value = 0.85,
                      .rate = Rate::kBlock,
                      .doc = "The part of the spectrum at and below rolloff_hz."}},
  };
}

const Registration<Spectral> kSpectral;

}  // namespace
}  // namespace patchbay
