#include "processors/core/control_signal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace patchbay {
namespace {

constexpr int64_t kFarPast = std::numeric_limits<int64_t>::min();
constexpr int64_t kFarFuture = std::numeric_limits<int64_t>::max();
// Steps closer than this are not told as pieces of their own: rate block re-reads as often anyway.
constexpr double kLongStepFrames = 32;

bool IsStraight(const ControlSignal::Point& from, const ControlSignal::Point& to) {
  return to.curve == Curve::kLinear ||
         (to.curve == Curve::kExponential && from.value * to.value <= 0);
}

double SlopeOf(const ControlSignal::Point& from, const ControlSignal::Point& to) {
  return (to.value - from.value) / (to.frame - from.frame);
}

int64_t Ceil(double frame) { return static_cast<int64_t>(std::ceil(frame)); }

}  // namespace

absl::StatusOr<ControlSignal> ControlSignal::FromPoints(std::vector<Point> points) {
  constexpr double kMaxFrame = 1e15;  // exact in a double, and in an int64
  const bool sound = !points.empty() &&
                     std::ranges::all_of(points, [](const Point& p) {
                       return std::isfinite(p.value) && std::abs(p.frame) <= kMaxFrame;
                     });
  if (!sound) {
    return absl::InvalidArgumentError("a curve takes one point or more, all of them finite");
  }
  if (!std::ranges::is_sorted(points, {}, &Point::frame)) {
    return absl::InvalidArgumentError("the points of a curve must be in ascending order of time");
  }
  ControlSignal signal;
  signal.points_ = std::move(points);
  signal.FindRange();
  return signal;
}

absl::StatusOr<ControlSignal> ControlSignal::FromSamples(std::vector<float> values,
                                                         double frames_per_value, Curve curve) {
  const bool sound = !values.empty() &&
                     std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
  if (!sound) {
    return absl::InvalidArgumentError("a curve takes one value or more, all of them finite");
  }
  if (!(frames_per_value > 0 && frames_per_value < 1e12)) {
    return absl::InvalidArgumentError("the values of a curve must be a positive time apart");
  }
  if (curve != Curve::kLinear && curve != Curve::kStep) {
    return absl::InvalidArgumentError("between the values of a curve: linear or step");
  }
  ControlSignal signal;
  signal.samples_ = std::move(values);
  signal.frames_per_value_ = frames_per_value;
  signal.sample_curve_ = curve;
  signal.FindRange();
  return signal;
}

void ControlSignal::FindRange() {
  minimum_ = std::numeric_limits<double>::infinity();
  maximum_ = -minimum_;
  const auto widen = [this](double value) {
    minimum_ = std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
  };
  for (const Point& point : points_) widen(point.value);
  for (const float value : samples_) widen(value);
}

double ControlSignal::last() const {
  return points_.empty() ? samples_.back() : points_.back().value;
}

size_t ControlSignal::After(int64_t frame) const {
  const auto after =
      std::ranges::upper_bound(points_, static_cast<double>(frame), {}, &Point::frame);
  return after - points_.begin();
}

double ControlSignal::Between(const Point& from, const Point& to, int64_t frame) const {
  if (to.curve == Curve::kStep) return from.value;
  const double done = static_cast<double>(frame) - from.frame;
  if (IsStraight(from, to)) return from.value + SlopeOf(from, to) * done;
  const double x = done / (to.frame - from.frame);
  if (to.curve == Curve::kExponential) return from.value * std::pow(to.value / from.value, x);
  return from.value + (to.value - from.value) * 0.5 * (1 - std::cos(std::numbers::pi * x));
}

double ControlSignal::SampleAt(int64_t frame) const {
  const double position = static_cast<double>(frame) / frames_per_value_;
  if (position <= 0) return samples_.front();
  if (position >= static_cast<double>(samples_.size() - 1)) return samples_.back();
  const size_t index = static_cast<size_t>(position);
  if (sample_curve_ == Curve::kStep) return samples_[index];
  const double x = position - static_cast<double>(index);
  return samples_[index] + (static_cast<double>(samples_[index + 1]) - samples_[index]) * x;
}

double ControlSignal::ValueAt(int64_t frame) const {
  if (points_.empty()) return SampleAt(frame);
  const size_t after = After(frame);
  if (after == 0) return points_.front().value;
  if (after == points_.size()) return points_.back().value;
  return Between(points_[after - 1], points_[after], frame);
}

void ControlSignal::Render(int64_t first, std::span<float> values) const {
  const int64_t end = first + static_cast<int64_t>(values.size());
  if (points_.empty()) {
    for (int64_t f = first; f < end; ++f) values[f - first] = static_cast<float>(SampleAt(f));
    return;
  }
  for (int64_t frame = first; frame < end;) {
    const size_t after = After(frame);
    const int64_t piece_end =
        after == points_.size() ? end : std::min(end, Ceil(points_[after].frame));
    if (after > 0 && after < points_.size() && IsStraight(points_[after - 1], points_[after])) {
      // As Between does, but the compiler can vectorise it.
      const Point& from = points_[after - 1];
      const double slope = SlopeOf(from, points_[after]);
      const double done = static_cast<double>(frame) - from.frame;
      const int count = static_cast<int>(piece_end - frame);
      float* const out = values.data() + (frame - first);
      for (int i = 0; i < count; ++i) out[i] = static_cast<float>(from.value + slope * (done + i));
      frame = piece_end;
      continue;
    }
    for (; frame < piece_end; ++frame) {
      const double value = after == 0 ? points_.front().value
                           : after == points_.size()
                               ? points_.back().value
                               : Between(points_[after - 1], points_[after], frame);
      values[frame - first] = static_cast<float>(value);
    }
  }
}

bool ControlSignal::HasLongSteps() const {
  return sample_curve_ == Curve::kStep && frames_per_value_ >= kLongStepFrames;
}

int64_t ControlSignal::PieceStart(int64_t frame) const {
  if (points_.empty()) {
    if (frame < 0) return kFarPast;
    if (!HasLongSteps()) return 0;
    return Ceil(std::floor(static_cast<double>(frame) / frames_per_value_) * frames_per_value_);
  }
  const size_t after = After(frame);
  return after == 0 ? kFarPast : Ceil(points_[after - 1].frame);
}

int64_t ControlSignal::NextPiece(int64_t frame) const {
  if (points_.empty()) {
    if (frame < 0) return 0;
    const double position = std::floor(static_cast<double>(frame) / frames_per_value_) + 1;
    if (!HasLongSteps() || position >= static_cast<double>(samples_.size())) return kFarFuture;
    return Ceil(position * frames_per_value_);
  }
  const size_t after = After(frame);
  return after == points_.size() ? kFarFuture : Ceil(points_[after].frame);
}

bool ControlSignal::Moves(int64_t frame) const {
  if (points_.empty()) {
    const double end = static_cast<double>(samples_.size() - 1) * frames_per_value_;
    return frame >= 0 && static_cast<double>(frame) < end && !HasLongSteps();
  }
  const size_t after = After(frame);
  return after > 0 && after < points_.size() && points_[after].curve != Curve::kStep &&
         points_[after].value != points_[after - 1].value;
}

}  // namespace patchbay
