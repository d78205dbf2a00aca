#include "processors/graph/clip_stream.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace patchbay {

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

void ClipStream::Append(Clip clip) {
  appended_ += clip.num_frames();
  const auto shared = std::make_shared<Clip>(std::move(clip));
  for (Queue& queue : queues_) queue.frames.Append(shared);
}

int64_t ClipStream::num_bytes() const {
  int64_t frames = 0;
  for (const Queue& queue : queues_) frames += queue.frames.num_frames();
  return frames * lane_.num_channels * static_cast<int64_t>(sizeof(float));
}

}  // namespace patchbay
