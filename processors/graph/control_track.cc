#include "processors/graph/control_track.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

constexpr int64_t kStartOfTime = std::numeric_limits<int64_t>::min();
constexpr size_t kMaxPending = 4096;

// Where a segment's curve has its frame 0.
int64_t Origin(const ControlTrack::Segment& segment) {
  return segment.start_frame == kStartOfTime ? 0 : segment.start_frame;
}

}  // namespace

ControlTrack::ControlTrack(const ParameterSpec& spec, double initial, CurvePtr curve,
                           int sample_rate_hz)
    : rate_(spec.rate),
      initial_(initial),
      initial_curve_(std::move(curve)),
      ramp_frames_(std::llround(spec.smoothing_seconds * sample_rate_hz)),
      segments_({Initial()}) {}

ControlTrack::Segment ControlTrack::Initial() const {
  const double end = initial_curve_ != nullptr ? initial_curve_->last() : initial_;
  return {kStartOfTime, initial_, end, initial_curve_};
}

void ControlTrack::Reset() { segments_ = {Initial()}; }

absl::Status ControlTrack::Set(double value, int64_t start_frame, int64_t position_frames) {
  return Insert({start_frame, 0, value, nullptr}, position_frames);
}

absl::Status ControlTrack::Set(CurvePtr curve, int64_t start_frame, int64_t position_frames) {
  const double end = curve->last();
  return Insert({start_frame, 0, end, std::move(curve)}, position_frames);
}

absl::Status ControlTrack::Insert(Segment change, int64_t position_frames) {
  // What a later segment has replaced by now is never read again.
  const auto current =
      std::ranges::find_if(segments_.rbegin(), segments_.rend(),
                           [=](const Segment& s) { return s.start_frame <= position_frames; });
  segments_.erase(segments_.begin(), std::prev(current.base()));
  if (segments_.size() >= kMaxPending) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "more than ", kMaxPending, " changes of one parameter are pending: send them later"));
  }
  auto next = std::ranges::find_if(
      segments_, [&](const Segment& s) { return s.start_frame >= change.start_frame; });
  if (next != segments_.end() && next->start_frame == change.start_frame) {
    *next = std::move(change);
  } else {
    next = segments_.insert(next, std::move(change));
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
  if (segment.curve != nullptr) return segment.curve->ValueAt(frame - Origin(segment));
  if (segment.start_frame == kStartOfTime || frame - segment.start_frame >= ramp_frames_) {
    return segment.to;
  }
  const double done = static_cast<double>(frame - segment.start_frame) / ramp_frames_;
  return segment.from + (segment.to - segment.from) * done;
}

bool ControlTrack::Moves(const Segment& segment, int64_t frame) const {
  if (segment.curve != nullptr) return segment.curve->Moves(frame - Origin(segment));
  return segment.start_frame != kStartOfTime && frame - segment.start_frame < ramp_frames_;
}

double ControlTrack::ValueAt(int64_t frame) const { return ValueIn(SegmentAt(frame), frame); }

int64_t ControlTrack::ReadFrame(const Segment& segment, int64_t frame) {
  int64_t read = std::max(FloorToControlFrames(frame), segment.start_frame);
  if (segment.curve != nullptr) {
    const int64_t piece = segment.curve->PieceStart(frame - Origin(segment));
    if (piece != kStartOfTime) read = std::max(read, piece + Origin(segment));
  }
  return read;
}

int ControlTrack::CallFrames(int64_t frame, int num_frames) const {
  if (rate_ != Rate::kBlock) return num_frames;
  if (segments_.size() == 1 && segments_[0].curve == nullptr) return num_frames;
  const auto after = std::ranges::upper_bound(segments_, frame, {}, &Segment::start_frame);
  int64_t end = frame + num_frames;
  if (after != segments_.end()) end = std::min(end, after->start_frame);
  const Segment& segment = SegmentAt(frame);
  if (segment.curve != nullptr) {
    const int64_t piece = segment.curve->NextPiece(frame - Origin(segment));
    if (piece < end - Origin(segment)) end = piece + Origin(segment);
  }
  if (Moves(segment, ReadFrame(segment, frame))) {
    end = std::min(end, FloorToControlFrames(frame) + kControlFrames);
  }
  return static_cast<int>(end - frame);
}

Control ControlTrack::Read(int64_t frame, int num_frames, std::span<float> scratch) const {
  const Segment& segment = SegmentAt(frame);
  if (rate_ == Rate::kBlock) {
    return static_cast<float>(ValueIn(segment, ReadFrame(segment, frame)));
  }
  const int64_t last = frame + num_frames - 1;
  const std::span<float> values = scratch.first(num_frames);
  if (&segment != &SegmentAt(last)) {
    for (int i = 0; i < num_frames; ++i) values[i] = static_cast<float>(ValueAt(frame + i));
  } else if (segment.curve != nullptr) {
    const int64_t first = frame - Origin(segment);
    if (!segment.curve->Moves(first) && segment.curve->NextPiece(first) > first + num_frames - 1) {
      return static_cast<float>(segment.curve->ValueAt(first));
    }
    segment.curve->Render(first, values);
  } else if (!Moves(segment, frame)) {
    return static_cast<float>(segment.to);
  } else {
    for (int i = 0; i < num_frames; ++i) {
      values[i] = static_cast<float>(ValueIn(segment, frame + i));
    }
  }
  return Control(std::span<const float>(values));
}

// Many re-readings at once: of a curve, from a multiple of kControlFrames on, as long as nothing
// else begins. Returns how many frames that was.
int ControlTrack::HoldReadings(int64_t frame, std::span<float> values) const {
  const Segment& segment = SegmentAt(frame);
  const int64_t origin = Origin(segment);
  const int size = static_cast<int>(values.size());
  if (size <= kControlFrames || segment.curve == nullptr || frame != FloorToControlFrames(frame) ||
      &segment != &SegmentAt(frame + size - 1) || !segment.curve->Moves(frame - origin) ||
      segment.curve->NextPiece(frame - origin) < frame + size - origin) {
    return 0;
  }
  constexpr int kMostReadings = 16;
  std::array<float, kMostReadings> readings;
  const int num_readings = std::min(kMostReadings, (size + kControlFrames - 1) / kControlFrames);
  segment.curve->Render(frame - origin, std::span(readings).first(num_readings), kControlFrames);
  int held = 0;
  for (int i = 0; i < num_readings; ++i) {
    const int count = std::min(kControlFrames, size - held);
    std::ranges::fill(values.subspan(held, count), readings[i]);
    held += count;
  }
  return held;
}

Control ControlTrack::ReadHeld(int64_t frame, int num_frames, std::span<float> scratch) const {
  for (int done = 0; done < num_frames;) {
    if (const int held = HoldReadings(frame + done, scratch.subspan(done, num_frames - done))) {
      done += held;
      continue;
    }
    const int count = CallFrames(frame + done, num_frames - done);
    const float value = Read(frame + done, count, {}).constant();
    if (count == num_frames) return value;
    std::ranges::fill(scratch.subspan(done, count), value);
    done += count;
  }
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
