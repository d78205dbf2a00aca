#ifndef PROCESSORS_EDITING_PIECE_FEATURES_H_
#define PROCESSORS_EDITING_PIECE_FEATURES_H_

#include "absl/status/statusor.h"
#include "processors/core/clip_processor.h"
#include "processors/editing/join.h"

namespace patchbay {

// What a piece sounds like, in a number: the mean of its channels, or of a peak the largest. 0 for
// an empty or silent piece. Errors are those of `progress`.
absl::StatusOr<double> MeanPower(const Piece& piece, const Progress& progress);
absl::StatusOr<double> PeakMagnitude(const Piece& piece, const Progress& progress);
absl::StatusOr<double> ZeroCrossingsPerFrame(const Piece& piece, const Progress& progress);
// The mean frequency weighted by magnitude, in cycles per frame: of Hann windows of 1024 frames
// that overlap by half.
absl::StatusOr<double> SpectralCentroid(const Piece& piece, const Progress& progress);

}  // namespace patchbay

#endif  // PROCESSORS_EDITING_PIECE_FEATURES_H_
