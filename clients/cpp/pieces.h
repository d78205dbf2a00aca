#ifndef CLIENTS_CPP_PIECES_H_
#define CLIENTS_CPP_PIECES_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/core/block.h"
#include "proto/wire/audio_wire.h"

namespace patchbay {

// A stretch of a control output.
struct ControlCurve {
  int output = 0;          // of the control outputs, counted from 0
  std::string name;        // "envelope_follower.envelope"
  int sample_rate_hz = 0;  // of its frames
  int64_t start_frame = 0;
  int frames_per_value = 1;
  std::vector<float> values;
};

// A stretch of an audio output, still in the memory that it was received in.
class AudioPiece {
 public:
  AudioPiece(const IncomingAudio& audio, int num_channels);

  int output() const { return audio_.stream(); }
  int64_t start_frame() const { return audio_.start_frame(); }
  int num_channels() const { return num_channels_; }
  int num_frames() const { return num_frames_; }

  // Copies the frames from `first` on that `out` has room for, which must exist.
  void CopyTo(Block out, int first = 0) const;

  // Without the frames after the first `count`.
  AudioPiece First(int count) const;

 private:
  const IncomingAudio& audio_;
  const int num_channels_;
  const int frames_received_;
  int num_frames_;
};

// Fills blocks, one for each input, all of one length, and says how many frames it filled; 0 at
// the end.
using Source = std::function<absl::StatusOr<int>(std::span<const Block> ins)>;
// Takes every piece of output, in order within each output.
using Sink = std::function<absl::Status(const AudioPiece& piece)>;
// Told which node is at long work, and the part of it that is done. Not OK: give up.
using OnProgress = std::function<absl::Status(const v1::Progress& progress)>;

}  // namespace patchbay

#endif  // CLIENTS_CPP_PIECES_H_
