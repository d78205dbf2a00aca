#ifndef PROCESSORS_EDITING_PIECE_FEATURES_H_
#define PROCESSORS_EDITING_PIECE_FEATURES_H_

#include "processors/editing/join.h"

namespace patchbay {

// What a piece sounds like, in a number: the mean of its channels, or of a peak the largest. 0 for
// an empty or silent piece.
double MeanPower(const Piece& piece);
double PeakMagnitude(const Piece& piece);
double ZeroCrossingsPerFrame(const Piece& piece);
// The mean frequency weighted by magnitude, in cycles per frame: of Hann windows of 1024 frames
// that overlap by half.
double SpectralCentroid(const Piece& piece);

}  // namespace patchbay

#endif  // PROCESSORS_EDITING_PIECE_FEATURES_H_
