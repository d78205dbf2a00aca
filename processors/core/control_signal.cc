#include "processors/core/control_signal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "processors/core/curve_loops.h"

namespace patchbay {
namespace {

constexpr int64_t kFarPast = std::numeric_limits<int64_t>::min();
constexpr int64_t kFarFuture = std::numeric_limits<int64_t>::max();
// Steps closer than this are not told as pieces of their own: rate block re-reads as often anyway.
constexpr double kLongStepFrames = 32;

// Calls `visit` with the stretch between two points, unless it is a step.
template <typename Visit>
void VisitStretch(const ControlSignal::Point& from, const ControlSignal::Point& to, Visit visit) {
  const double length = to.frame - from.frame;
  const double change = to.value - from.value;
  if (to.curve == Curve::kLinear ||
      (to.curve == Curve::kExponential && from.value * to.value <= 0)) {
    visit(StraightStretch{from.value, change / length, from.frame});
  } else if (to.curve == Curve::kExponential) {
    visit(ExponentialStretch{from.value, std::log2(to.value / from.value), from.frame, length});
  } else if (to.curve == Curve::kSmooth) {
    visit(SmoothStretch{from.value, change, from.frame, length});
  }
}

int64_t Ceil(double frame) { return static_cast<int64_t>(std::ceil(frame)); }

}  // namespace

absl::StatusOr<ControlSignal> ControlSignal::FromPoints(std::vector<Point> points) {
  constexpr double kMaxFrame = 1e15;  // exact in a double, and in an int64
  const bool sound = !points.empty() && std::ranges::all_of(points, [](const Point& p) {
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
  const bool sound =
      !values.empty() && std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
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
  double value = points_[after - 1].value;
  VisitStretch(points_[after - 1], points_[after],
               [&](const auto& stretch) { value = stretch.At(static_cast<double>(frame)); });
  return value;
}

void ControlSignal::Render(int64_t first, std::span<float> values, int stride) const {
  const int size = static_cast<int>(values.size());
  const auto frame_of = [=](int i) { return first + int64_t{i} * stride; };
  if (points_.empty()) return RenderSamples(first, values, stride);
  for (int i = 0; i < size;) {
    const size_t after = After(frame_of(i));
    // The values up to `end` lie between the same points.
    int end = size;
    if (after < points_.size()) {
      const int64_t frames = Ceil(points_[after].frame) - frame_of(i);
      end = static_cast<int>(std::min<int64_t>(size, i + (frames + stride - 1) / stride));
    }
    const std::span<float> stretch_values = values.subspan(i, end - i);
    const Point& from = points_[after > 0 ? after - 1 : 0];
    const bool is_between = after > 0 && after < points_.size();
    if (!is_between || points_[after].curve == Curve::kStep) {
      std::ranges::fill(stretch_values, static_cast<float>(from.value));
    } else {
      VisitStretch(from, points_[after], [&](const auto& stretch) {
        patchbay::Render(stretch, static_cast<double>(frame_of(i)), stride, stretch_values);
      });
    }
    i = end;
  }
}

void ControlSignal::RenderSamples(int64_t first, std::span<float> values, int stride) const {
  const int64_t size = static_cast<int64_t>(values.size());
  const int64_t last = static_cast<int64_t>(samples_.size()) - 1;
  if (frames_per_value_ == 1 && stride == 1) {
    // A value for every frame: held before the first and after the last.
    const int64_t before = std::clamp<int64_t>(-first, 0, size);
    const int64_t within = std::clamp<int64_t>(last - first - before, 0, size - before);
    std::fill_n(values.begin(), before, samples_.front());
    std::copy_n(samples_.begin() + std::clamp<int64_t>(first, 0, last), within,
                values.begin() + before);
    std::fill(values.begin() + before + within, values.end(), samples_.back());
    return;
  }
  for (int64_t i = 0; i < size; ++i) {
    values[i] = static_cast<float>(SampleAt(first + i * stride));
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
