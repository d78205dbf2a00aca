#include "processors/graph/clip_stream.h"

#include <algorithm>

#include "processors/core/errors.h"

namespace patchbay {

absl::Status CopySlowly(ConstBlock from, Block to, const std::function<absl::Status()>& go_on) {
  constexpr int kPieceFrames = 1 << 17;
  for (int first = 0; first < from.num_frames(); first += kPieceFrames) {
    PATCHBAY_RETURN_IF_ERROR(go_on());
    const int count = std::min(kPieceFrames, from.num_frames() - first);
    Copy(from.Frames(first, count), to.Frames(first, count));
  }
  return absl::OkStatus();
}

FrameQueue* ClipStream::queue(const Taker& taker) {
  const auto found = std::ranges::find(queues_, taker, &Queue::taker);
  return found == queues_.end() ? nullptr : &found->frames;
}

FrameQueue& ClipStream::AddQueue(const Taker& taker) {
  FrameQueue* const first = queue(taker);
  // Later ones are not found by name.
  return queues_.emplace_back(Queue{taker, *first}).frames;
}

void ClipStream::Append(ConstBlock frames) {
  int64_t count = frames.num_frames();
  if (lane_.length_frames.has_value()) {
    count = std::clamp<int64_t>(*lane_.length_frames - appended_, 0, count);
  }
  appended_ += count;
  for (Queue& queue : queues_) queue.frames.Append(frames.Frames(0, static_cast<int>(count)));
}

absl::Status ClipStream::Append(const Clip& clip, const std::function<absl::Status()>& go_on) {
  appended_ += clip.num_frames();
  for (Queue& queue : queues_) {
    PATCHBAY_RETURN_IF_ERROR(go_on());
    // Room for all of it, so that it is not moved again and again.
    const Block room = queue.frames.Append(static_cast<int>(clip.num_frames()));
    PATCHBAY_RETURN_IF_ERROR(CopySlowly(clip.Frames(0, room.num_frames()), room, go_on));
  }
  return absl::OkStatus();
}

int64_t ClipStream::num_bytes() const {
  int64_t frames = 0;
  for (const Queue& queue : queues_) frames += queue.frames.num_frames();
  return frames * lane_.num_channels * static_cast<int64_t>(sizeof(float));
}

}  // namespace patchbay
