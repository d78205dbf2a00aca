#include "processors/editing/piece_features.h"

#include <algorithm>
#include <cmath>

#include "processors/analysis/hann_window.h"
#include "processors/analysis/real_fft.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"

namespace patchbay {
namespace {

// Calls work(samples, first, count) for one stretch after the other of each channel.
template <typename Work>
absl::Status InChannels(const Piece& piece, const Progress& progress, const Work& work) {
  const int num_channels = piece.clip->num_channels();
  for (int c = 0; c < num_channels; ++c) {
    const auto samples = piece.clip->channel(c).subspan(piece.range.first, piece.range.count);
    PATCHBAY_RETURN_IF_ERROR(
        InStretches(piece.range.count, StepOf(progress, c, num_channels),
                    [&](int64_t first, int count) { work(samples, first, count); }));
  }
  return absl::OkStatus();
}

double PerSample(double sum, const Piece& piece) {
  const double count = static_cast<double>(piece.range.count) * piece.clip->num_channels();
  return count > 0 ? sum / count : 0;
}

}  // namespace

absl::StatusOr<double> MeanPower(const Piece& piece, const Progress& progress) {
  double sum = 0;
  PATCHBAY_RETURN_IF_ERROR(
      InChannels(piece, progress, [&](std::span<const float> samples, int64_t first, int count) {
        for (const float x : samples.subspan(first, count)) sum += static_cast<double>(x) * x;
      }));
  return PerSample(sum, piece);
}

absl::StatusOr<double> PeakMagnitude(const Piece& piece, const Progress& progress) {
  float peak = 0;
  PATCHBAY_RETURN_IF_ERROR(
      InChannels(piece, progress, [&](std::span<const float> samples, int64_t first, int count) {
        for (const float x : samples.subspan(first, count)) peak = std::max(peak, std::abs(x));
      }));
  return peak;
}

absl::StatusOr<double> ZeroCrossingsPerFrame(const Piece& piece, const Progress& progress) {
  int64_t crossings = 0;
  PATCHBAY_RETURN_IF_ERROR(
      InChannels(piece, progress, [&](std::span<const float> samples, int64_t first, int count) {
        for (int64_t i = std::max<int64_t>(1, first); i < first + count; ++i) {
          crossings += (samples[i] < 0) != (samples[i - 1] < 0);
        }
      }));
  return PerSample(static_cast<double>(crossings), piece);
}

absl::StatusOr<double> SpectralCentroid(const Piece& piece, const Progress& progress) {
  constexpr int kSize = 1024;
  constexpr int kHop = kSize / 2;
  static_assert(kStretchFrames % kHop == 0);
  static const AlignedFloats* const window = new AlignedFloats(HannWindow(kSize));
  const RealFft& fft = RealFft::OfSize(kSize);
  AlignedFloats frames(kSize);
  AlignedFloats spectrum(kSize + 2);
  double sum = 0;
  double moment = 0;
  const auto add = [&](std::span<const float> samples, int64_t first, int num_frames) {
    const int64_t size = static_cast<int64_t>(samples.size());
    for (const int64_t end = first + num_frames; first < end; first += kHop) {
      if (first > 0 && first + kHop >= size) return;  // the window before saw all the rest
      const int64_t count = std::min<int64_t>(kSize, size - first);
      for (int i = 0; i < kSize; ++i) {
        frames[i] = i < count ? (*window)[i] * samples[first + i] : 0.0f;
      }
      fft.Forward(frames.data(), spectrum.data());
      for (int k = 0; k < fft.num_bins(); ++k) {
        const double magnitude = std::hypot(spectrum[2 * k], spectrum[2 * k + 1]);
        if (!std::isfinite(magnitude)) continue;  // the transform of enormous samples overflows
        sum += magnitude;
        moment += magnitude * k / kSize;
      }
    }
  };
  PATCHBAY_RETURN_IF_ERROR(InChannels(piece, progress, add));
  return sum > 0 ? moment / sum : 0;
}

}  // namespace patchbay
