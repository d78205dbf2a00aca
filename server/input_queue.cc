#include "server/input_queue.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "server/sample_codec.h"

namespace patchbay {
namespace {

// One input may run ahead of the others by this much.
constexpr int64_t kMaxWaitingSamples = 4 << 20;

}  // namespace

int InputQueue::FramesIn(const IncomingAudio& chunk) const {
  return static_cast<int>(chunk.num_bytes() /
                          FrameBytes(format_.encoding(), format_.num_channels()));
}

absl::Status InputQueue::Check(const IncomingAudio& chunk) const {
  const int frame_bytes = FrameBytes(format_.encoding(), format_.num_channels());
  if (chunk.num_bytes() % frame_bytes != 0) {
    return InvalidArgument(
        absl::StrCat("a chunk of input ", chunk.stream(), " has ", chunk.num_bytes(),
                     " bytes, which is not a multiple of ", frame_bytes, ", the size of a frame"),
        {.path = "audio.samples", .value = absl::StrCat(chunk.num_bytes())});
  }
  if (chunk.start_frame() != received_) {
    return absl::OutOfRangeError(
        absl::StrCat("a chunk of input ", chunk.stream(), " starts at frame ", chunk.start_frame(),
                     ", but frame ", received_, " is the next: send every frame once, in order"));
  }
  if ((int64_t{count_} + FramesIn(chunk)) * format_.num_channels() > kMaxWaitingSamples) {
    return absl::ResourceExhaustedError(
        absl::StrCat("input ", chunk.stream(), " is ", count_,
                     " frames ahead of another input: send the inputs' chunks in turn"));
  }
  return absl::OkStatus();
}

absl::Status InputQueue::Push(const IncomingAudio& chunk) {
  PATCHBAY_RETURN_IF_ERROR(Check(chunk));
  const int frames = FramesIn(chunk);
  const Block to = Append(frames);
  received_ += frames;
  total_ += frames;
  const bool planar = FrameBytes(format_.encoding(), 1) == sizeof(float) &&
                      format_.encoding() != v1::SAMPLE_ENCODING_FLOAT32_INTERLEAVED;
  if (planar) {
    const size_t channel_bytes = sizeof(float) * frames;
    for (int c = 0; c < to.num_channels(); ++c) {
      chunk.Copy(c * channel_bytes, channel_bytes, to.channel(c).data());
    }
  } else {
    bytes_.resize(chunk.num_bytes());
    chunk.Copy(0, chunk.num_bytes(), bytes_.data());
    DecodeSamples(bytes_, format_.encoding(), to);
  }
  return absl::OkStatus();
}

absl::Status InputQueue::Pass(const IncomingAudio& chunk) {
  PATCHBAY_RETURN_IF_ERROR(Check(chunk));
  received_ += FramesIn(chunk);
  total_ += FramesIn(chunk);
  return absl::OkStatus();
}

Block InputQueue::Append(int num_frames) {
  const int channels = format_.num_channels();
  if (count_ == 0) first_ = 0;
  if (first_ + count_ + num_frames > capacity_) {
    const int capacity = std::max(count_ + num_frames, std::min(2 * capacity_, 1 << 20));
    std::vector<float> moved(static_cast<size_t>(channels) * capacity);
    for (int c = 0; c < channels && count_ > 0; ++c) {
      std::copy_n(samples_.begin() + static_cast<ptrdiff_t>(c) * capacity_ + first_, count_,
                  moved.begin() + static_cast<ptrdiff_t>(c) * capacity);
    }
    samples_.swap(moved);
    capacity_ = capacity;
    first_ = 0;
  }
  const Block room(samples_.data() + first_ + count_, channels, num_frames, capacity_);
  count_ += num_frames;
  return room;
}

void InputQueue::PadTo(int num_frames) {
  if (count_ < num_frames) Fill(Append(num_frames - count_), 0.0f);
}

ConstBlock InputQueue::Front(int num_frames) const {
  return {samples_.data() + first_, format_.num_channels(), num_frames, capacity_};
}

void InputQueue::Pop(int num_frames) {
  first_ += num_frames;
  count_ -= num_frames;
}

void InputQueue::GiveBackFrom(int64_t frame) {
  const int64_t back = std::max<int64_t>(0, received_ - frame);
  received_ -= back;
  total_ -= back;
  first_ = 0;
  count_ = 0;
}

void InputQueue::Reset() {
  first_ = 0;
  count_ = 0;
  received_ = 0;
}

void InputQueue::ReleaseMemory() {
  if (count_ > 0) return;
  samples_ = {};
  bytes_ = {};
  capacity_ = 0;
  first_ = 0;
}

std::vector<float> InputQueue::Waiting() const {
  std::vector<float> waiting;
  const ConstBlock front = Front(count_);
  for (int c = 0; c < front.num_channels(); ++c) {
    const auto channel = front.channel(c);
    waiting.insert(waiting.end(), channel.begin(), channel.end());
  }
  return waiting;
}

absl::Status InputQueue::Restore(int64_t received_frames, const std::vector<float>& waiting) {
  const size_t channels = format_.num_channels();
  const bool fits = waiting.size() % channels == 0 && waiting.size() <= kMaxWaitingSamples &&
                    received_frames >= static_cast<int64_t>(waiting.size() / channels);
  if (!fits) return absl::InvalidArgumentError("the saved input does not fit");
  Reset();
  const int frames = static_cast<int>(waiting.size() / channels);
  const Block to = Append(frames);
  for (int c = 0; c < to.num_channels(); ++c) {
    std::copy_n(waiting.begin() + static_cast<ptrdiff_t>(c) * frames, frames,
                to.channel(c).begin());
  }
  received_ = received_frames;
  return absl::OkStatus();
}

}  // namespace patchbay
