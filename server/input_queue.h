#ifndef SERVER_INPUT_QUEUE_H_
#define SERVER_INPUT_QUEUE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "patchbay/v1/audio.pb.h"
#include "processors/core/block.h"
#include "proto/wire/audio_wire.h"

namespace patchbay {

// Frames of one input that have come in and wait for the other inputs.
class InputQueue {
 public:
  explicit InputQueue(const v1::AudioFormat& format) : format_(format) {}

  // Appends a chunk. OUT_OF_RANGE unless it starts where the last one ended; INVALID_ARGUMENT
  // unless it holds whole frames; RESOURCE_EXHAUSTED if too much waits.
  absl::Status Push(const IncomingAudio& chunk);

  // Checks a chunk as Push does and counts it as received and taken, without copying it.
  absl::Status Pass(const IncomingAudio& chunk);

  // Appends silence until num_frames wait.
  void PadTo(int num_frames);

  // Frames that wait, and a view of the first of them, valid until Push or PadTo.
  int num_frames() const { return count_; }
  ConstBlock Front(int num_frames) const;
  void Pop(int num_frames);

  // The frames from `frame` on count as never received. All before it were taken.
  void GiveBackFrom(int64_t frame);

  // Since the start of the clip, and since the session was opened.
  int64_t received_frames() const { return received_; }
  int64_t total_frames() const { return total_; }
  int FramesIn(const IncomingAudio& chunk) const;

  // Forgets everything.
  void Reset();
  // Gives memory back while nothing waits.
  void ReleaseMemory();

  // Planar samples of the frames that wait, for checkpoints.
  std::vector<float> Waiting() const;
  // INVALID_ARGUMENT if they are not whole frames.
  absl::Status Restore(int64_t received_frames, const std::vector<float>& waiting);

 private:
  absl::Status Check(const IncomingAudio& chunk) const;
  // Room for num_frames more, as a block.
  Block Append(int num_frames);

  const v1::AudioFormat format_;
  std::vector<float> samples_;  // planar, capacity_ frames a channel
  std::vector<char> bytes_;     // of a chunk that has to be decoded
  int capacity_ = 0;
  int first_ = 0;
  int count_ = 0;
  int64_t received_ = 0;
  int64_t total_ = 0;
};

}  // namespace patchbay

#endif  // SERVER_INPUT_QUEUE_H_
