#ifndef PROCESSORS_CORE_CONTROL_SIGNAL_H_
#define PROCESSORS_CORE_CONTROL_SIGNAL_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace patchbay {

// How a value gets from one point to the next.
enum class Curve {
  kLinear,
  kStep,         // the former value holds until the point
  kExponential,  // equal ratios in equal times; linear where the values differ in sign or are zero
  kSmooth,       // a half cosine
};

// A parameter's value over time, immutable: breakpoints, or samples at equal distances. Before its
// start the first value holds, after its end the last. The value at a frame depends on nothing but
// the frame.
class ControlSignal {
 public:
  struct Point {
    double frame = 0;  // whole frames, where a step is to land on one
    double value = 0;
    Curve curve = Curve::kLinear;  // from the point before to this one
  };

  // INVALID_ARGUMENT unless there are points, finite and in ascending order.
  static absl::StatusOr<ControlSignal> FromPoints(std::vector<Point> points);
  // Values frames_per_value apart, linear or in steps between them. INVALID_ARGUMENT unless there
  // are values, all finite, and the distance is positive.
  static absl::StatusOr<ControlSignal> FromSamples(std::vector<float> values,
                                                   double frames_per_value, Curve curve);

  double ValueAt(int64_t frame) const;
  // The values of every frame from `first` on, or of every stride-th.
  void Render(int64_t first, std::span<float> values, int stride = 1) const;

  // The last frame up to `frame` at which a new piece began; `frame` itself if it began there. Far
  // in the past before the first.
  int64_t PieceStart(int64_t frame) const;
  // The first frame after `frame` at which a new piece begins; far in the future after the last.
  int64_t NextPiece(int64_t frame) const;
  // Whether the value changes within the piece at `frame`.
  bool Moves(int64_t frame) const;

  // Of all points.
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }
  double last() const;

  const std::vector<Point>& points() const { return points_; }    // empty: samples
  const std::vector<float>& samples() const { return samples_; }  // empty: points
  double frames_per_value() const { return frames_per_value_; }
  Curve sample_curve() const { return sample_curve_; }

 private:
  // The first point after `frame`.
  size_t After(int64_t frame) const;
  double SampleAt(int64_t frame) const;
  void RenderSamples(int64_t first, std::span<float> values, int stride) const;
  bool HasLongSteps() const;
  void FindRange();

  std::vector<Point> points_;
  std::vector<float> samples_;
  double frames_per_value_ = 1;
  Curve sample_curve_ = Curve::kLinear;
  double minimum_ = 0;
  double maximum_ = 0;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_CONTROL_SIGNAL_H_
