#include "processors/editing/piece_features.h"

#include <algorithm>
#include <cmath>

#include "processors/analysis/hann_window.h"
#include "processors/analysis/real_fft.h"

namespace patchbay {
namespace {

std::span<const float> Channel(const Piece& piece, int c) {
  return piece.clip->channel(c).subspan(piece.range.first, piece.range.count);
}

// The sum of feature(channel) over all channels, by their number and that of the frames.
template <typename Feature>
double MeanOfFrames(const Piece& piece, Feature feature) {
  double sum = 0;
  for (int c = 0; c < piece.clip->num_channels(); ++c) sum += feature(Channel(piece, c));
  const double count = static_cast<double>(piece.range.count) * piece.clip->num_channels();
  return count > 0 ? sum / count : 0;
}

}  // namespace

double MeanPower(const Piece& piece) {
  return MeanOfFrames(piece, [](std::span<const float> samples) {
    double sum = 0;
    for (const float x : samples) sum += static_cast<double>(x) * x;
    return sum;
  });
}

double PeakMagnitude(const Piece& piece) {
  float peak = 0;
  for (int c = 0; c < piece.clip->num_channels(); ++c) {
    for (const float x : Channel(piece, c)) peak = std::max(peak, std::abs(x));
  }
  return peak;
}

double ZeroCrossingsPerFrame(const Piece& piece) {
  return MeanOfFrames(piece, [](std::span<const float> samples) {
    int64_t crossings = 0;
    for (size_t i = 1; i < samples.size(); ++i) {
      crossings += (samples[i] < 0) != (samples[i - 1] < 0);
    }
    return static_cast<double>(crossings);
  });
}

double SpectralCentroid(const Piece& piece) {
  constexpr int kSize = 1024;
  static const AlignedFloats* const window = new AlignedFloats(HannWindow(kSize));
  const RealFft& fft = RealFft::OfSize(kSize);
  AlignedFloats frames(kSize);
  AlignedFloats spectrum(kSize + 2);
  double sum = 0;
  double moment = 0;
  for (int c = 0; c < piece.clip->num_channels(); ++c) {
    const std::span<const float> samples = Channel(piece, c);
    for (int64_t first = 0; first < piece.range.count; first += kSize / 2) {
      const int64_t count = std::min<int64_t>(kSize, piece.range.count - first);
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
      if (first + count == piece.range.count) break;
    }
  }
  return sum > 0 ? moment / sum : 0;
}

}  // namespace patchbay
