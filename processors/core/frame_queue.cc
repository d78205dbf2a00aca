#include "processors/core/frame_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace patchbay {
namespace {

// Pieces double up to the larger: what fills one is copied and paid for in well below a
// millisecond.
constexpr int kMinPieceFrames = 512;
constexpr int kMaxPieceFrames = 1 << 16;

constexpr int kNoRate = 0;  // of clips that are only memory

}  // namespace

FrameQueue::FrameQueue(const FrameQueue& other) : num_channels_(other.num_channels_) {
  for (const Piece& piece : other.pieces_) Append(piece.Frames(piece.count));
  total_ = other.total_;
}

Block FrameQueue::Append(int num_frames) {
  assert(num_frames >= 0);
  if (pieces_.empty() || !pieces_.back().is_own || pieces_.back().room() < num_frames) {
    const int last = pieces_.empty() ? 0 : static_cast<int>(pieces_.back().memory->num_frames());
    const int frames =
        std::max({num_frames, kMinPieceFrames, std::min(last, kMaxPieceFrames / 2) * 2});
    if (count_ == 0) pieces_.clear();
    pieces_.push_back({.memory = std::make_shared<Clip>(kNoRate, num_channels_, frames)});
  }
  Piece& piece = pieces_.back();
  const Block room = piece.memory->Frames(piece.first + piece.count, num_frames);
  piece.count += num_frames;
  count_ += num_frames;
  total_ += num_frames;
  return room;
}

void FrameQueue::Append(std::shared_ptr<Clip> clip) {
  assert(clip->num_channels() == num_channels_);
  const int frames = static_cast<int>(clip->num_frames());
  if (frames == 0) return;
  if (count_ == 0) pieces_.clear();
  pieces_.push_back({.memory = std::move(clip), .is_own = false, .count = frames});
  count_ += frames;
  total_ += frames;
}

ConstBlock FrameQueue::Front(int count) {
  assert(count >= 0 && count <= count_);
  if (count == 0) return {nullptr, num_channels_, 0, 0};
  if (count <= pieces_.front().count) return pieces_.front().Frames(count);
  if (joined_.num_frames() < count) joined_ = Clip(kNoRate, num_channels_, count);
  const Block joined = joined_.Frames(0, count);
  int done = 0;
  for (const Piece& piece : pieces_) {
    const int some = std::min(piece.count, count - done);
    Copy(piece.Frames(some), joined.Frames(done, some));
    done += some;
    if (done == count) break;
  }
  return joined;
}

void FrameQueue::Pop(int count) {
  assert(count >= 0 && count <= count_);
  while (count > 0) {
    Piece& piece = pieces_.front();
    const int some = std::min(count, piece.count);
    piece.first += some;
    piece.count -= some;
    count_ -= some;
    count -= some;
    if (piece.count == 0) PopPiece();
  }
}

void FrameQueue::PopPiece() {
  if (pieces_.size() == 1 && pieces_.front().is_own) {
    pieces_.front().first = 0;
  } else {
    pieces_.pop_front();
  }
}

std::optional<Clip> FrameQueue::TakeClip() {
  if (pieces_.size() != 1) return std::nullopt;
  Piece& piece = pieces_.front();
  if (piece.is_own || piece.first > 0 || piece.memory.use_count() > 1) return std::nullopt;
  Clip clip = std::move(*piece.memory);
  pieces_.clear();
  count_ = 0;
  return clip;
}

}  // namespace patchbay
