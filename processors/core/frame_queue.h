#ifndef PROCESSORS_CORE_FRAME_QUEUE_H_
#define PROCESSORS_CORE_FRAME_QUEUE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "processors/core/block.h"
#include "processors/core/clip.h"

namespace patchbay {

// Frames that wait to be read: planar, first in, first out. They lie in pieces that never move, so
// that no single call takes long, however many wait; a clip can be one of the pieces as it is. A
// queue that is emptied again and again keeps its memory, and allocates nothing.
class FrameQueue {
 public:
  explicit FrameQueue(int num_channels) : num_channels_(num_channels) {}
  FrameQueue(const FrameQueue& other);
  FrameQueue(FrameQueue&&) = default;
  FrameQueue& operator=(FrameQueue&&) = default;

  int num_channels() const { return num_channels_; }
  int num_frames() const { return count_; }
  // Appended since the start.
  int64_t total_frames() const { return total_; }

  // Room for num_frames more, to be filled by the caller. Valid until the next call.
  Block Append(int num_frames);
  void Append(ConstBlock frames) { Copy(frames, Append(frames.num_frames())); }
  // A clip of so many channels, which others may read too; copies nothing.
  void Append(std::shared_ptr<Clip> clip);

  // The first `count` frames that wait; at most num_frames(). Valid until the next call. What lies
  // in more than one piece is brought together first: to walk all there is, take num_ready() at a
  // time.
  ConstBlock Front(int count);
  // Frames at the front that lie in one piece; 0 when nothing waits.
  int num_ready() const { return count_ == 0 ? 0 : pieces_.front().count; }
  void Pop(int count);

  // All that waits, if that is a clip nobody else has.
  std::optional<Clip> TakeClip();

 private:
  struct Piece {
    std::shared_ptr<Clip> memory;
    bool is_own = true;  // memory of the queue, rather than a clip that was appended
    int first = 0;
    int count = 0;

    ConstBlock Frames(int num_frames) const {
      return std::as_const(*memory).Frames(first, num_frames);
    }
    int room() const { return static_cast<int>(memory->num_frames()) - first - count; }
  };

  void PopPiece();

  int num_channels_;
  std::deque<Piece> pieces_;  // no empty ones, but for one of our own while nothing waits
  Clip joined_;
  int count_ = 0;
  int64_t total_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_FRAME_QUEUE_H_
