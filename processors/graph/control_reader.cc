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

float ControlReader::ValueAt(int64_t frame) const {
  const int count = values_->num_frames();
  if (count == 0) return 0;  // of a clip without frames
  const std::span<const float> values = values_->Front(count).channel(0);
  const int64_t index = IndexOf(frame) - dropped_;
  if (index >= count - 1) return values[count - 1];
  const int64_t rest = frame * stream_->lane().sample_rate_hz % sample_rate_hz_;
  const float part = static_cast<float>(rest) / static_cast<float>(sample_rate_hz_);
  return values[index] + part * (values[index + 1] - values[index]);
}

void ControlReader::Read(std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = ValueAt(position_ + static_cast<int64_t>(i));
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
