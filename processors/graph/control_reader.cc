#include "processors/graph/control_reader.h"

#include <algorithm>
#include <limits>

namespace patchbay {

int ControlReader::num_available() const {
  constexpr int kAny = std::numeric_limits<int>::max();
  if (stream_->has_ended()) return kAny;
  const int64_t last = dropped_ + values_->num_frames() - 1;
  if (last < dropped_) return 0;
  // The last frame that needs no later value.
  const int64_t frame = last * sample_rate_hz_ / stream_->lane().sample_rate_hz;
  return static_cast<int>(std::clamp<int64_t>(frame - position_ + 1, 0, kAny));
}

std::span<const float> ControlReader::Waiting(int64_t frame) const {
  const int64_t needed = IndexOf(frame) - dropped_ + 2;  // the one before and the one after
  return values_->Front(static_cast<int>(std::min<int64_t>(needed, values_->num_frames())))
      .channel(0);
}

float ControlReader::ValueAt(int64_t frame, std::span<const float> values) const {
  if (values.empty()) return 0;  // of a clip without frames
  const int64_t index = IndexOf(frame) - dropped_;
  if (index >= std::ssize(values) - 1) return values.back();
  const int64_t rest = frame * stream_->lane().sample_rate_hz % sample_rate_hz_;
  const float part = static_cast<float>(rest) / static_cast<float>(sample_rate_hz_);
  return values[index] + part * (values[index + 1] - values[index]);
}

void ControlReader::Read(std::span<float> values) {
  const int64_t end = position_ + std::ssize(values);
  const std::span<const float> waiting = Waiting(end - 1);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = ValueAt(position_ + static_cast<int64_t>(i), waiting);
  }
  Skip(static_cast<int>(values.size()));
}

void ControlReader::Skip(int num_frames) {
  position_ += num_frames;
  const int64_t past = std::min<int64_t>(IndexOf(position_) - dropped_, values_->num_frames() - 1);
  if (past <= 0) return;
  values_->Pop(static_cast<int>(past));
  dropped_ += past;
}

}  // namespace patchbay
