#include "processors/graph/control_track.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

constexpr int64_t kStartOfTime = std::numeric_limits<int64_t>::min();
constexpr size_t kMaxPending = 4096;

int64_t FloorToControlFrames(int64_t frame) {
  const int64_t remainder = frame % kControlFrames;
  return frame - remainder - (remainder < 0 ? kControlFrames : 0);
}

}  // namespace

ControlTrack::ControlTrack(const ParameterSpec& spec, double initial, int sample_rate_hz)
    : rate_(spec.rate),
      ramp_frames_(std::llround(spec.smoothing_seconds * sample_rate_hz)),
      segments_({{kStartOfTime, initial, initial}}) {}

void ControlTrack::Reset(double initial) { segments_ = {{kStartOfTime, initial, initial}}; }

absl::Status ControlTrack::Set(double value, int64_t start_frame, int64_t position_frames) {
  // What a later segment has replaced by now is never read again.
  const auto current =
      std::ranges::find_if(segments_.rbegin(), segments_.rend(),
                           [=](const Segment& s) { return s.start_frame <= position_frames; });
  segments_.erase(segments_.begin(), std::prev(current.base()));
  if (segments_.size() >= kMaxPending) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "more than ", kMaxPending, " changes of one parameter are pending: send them later"));
  }
  auto next = std::ranges::find_if(segments_,
                                   [=](const Segment& s) { return s.start_frame >= start_frame; });
  if (next != segments_.end() && next->start_frame == start_frame) {
    next->to = value;
  } else {
    next = segments_.insert(next, {start_frame, 0, value});
  }
  for (; next != segments_.end(); ++next) {
    next->from = ValueIn(*std::prev(next), next->start_frame);
  }
  return absl::OkStatus();
}

const ControlTrack::Segment& ControlTrack::SegmentAt(int64_t frame) const {
  const auto after = std::ranges::upper_bound(segments_, frame, {}, &Segment::start_frame);
  return after == segments_.begin() ? segments_.front() : *std::prev(after);
}

double ControlTrack::ValueIn(const Segment& segment, int64_t frame) const {
  if (segment.start_frame == kStartOfTime || frame - segment.start_frame >= ramp_frames_) {
    return segment.to;
  }
  const double done = static_cast<double>(frame - segment.start_frame) / ramp_frames_;
  return segment.from + (segment.to - segment.from) * done;
}

double ControlTrack::ValueAt(int64_t frame) const { return ValueIn(SegmentAt(frame), frame); }

int64_t ControlTrack::ReadFrame(const Segment& segment, int64_t frame) {
  return std::max(FloorToControlFrames(frame), segment.start_frame);
}

int ControlTrack::CallFrames(int64_t frame, int num_frames) const {
  if (rate_ != Rate::kBlock || segments_.size() == 1) return num_frames;
  const auto after = std::ranges::upper_bound(segments_, frame, {}, &Segment::start_frame);
  int64_t end = frame + num_frames;
  if (after != segments_.end()) end = std::min(end, after->start_frame);
  const Segment& segment = SegmentAt(frame);
  const bool moving = segment.start_frame != kStartOfTime &&
                      ReadFrame(segment, frame) - segment.start_frame < ramp_frames_;
  if (moving) end = std::min(end, FloorToControlFrames(frame) + kControlFrames);
  return static_cast<int>(end - frame);
}

Control ControlTrack::Read(int64_t frame, int num_frames, std::span<float> scratch) const {
  const Segment& segment = SegmentAt(frame);
  if (rate_ == Rate::kBlock) {
    return static_cast<float>(ValueIn(segment, ReadFrame(segment, frame)));
  }
  const bool settled =
      segment.start_frame == kStartOfTime || frame - segment.start_frame >= ramp_frames_;
  if (settled && &segment == &SegmentAt(frame + num_frames - 1)) {
    return static_cast<float>(segment.to);
  }
  for (int i = 0; i < num_frames; ++i) scratch[i] = static_cast<float>(ValueAt(frame + i));
  return Control(std::span<const float>(scratch.first(num_frames)));
}

absl::Status ControlTrack::Restore(std::vector<Segment> segments) {
  const bool sound = !segments.empty() && segments.size() <= kMaxPending &&
                     std::ranges::is_sorted(segments, {}, &Segment::start_frame) &&
                     std::ranges::all_of(segments, [](const Segment& s) {
                       return std::isfinite(s.from) && std::isfinite(s.to);
                     });
  if (!sound) return absl::InvalidArgumentError("the saved control values are damaged");
  segments_ = std::move(segments);
  return absl::OkStatus();
}

}  // namespace patchbay
