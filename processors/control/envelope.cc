#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/control/control_processor.h"
#include "processors/control/curve.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kScale = 4, kOffset };

// The lists of a table, either of which starts again until the other is used up.
class Course {
 public:
  explicit Course(const Parameters& parameters)
      : levels_(parameters.numbers("levels")), times_seconds_(parameters.numbers("times_seconds")) {
    if (levels_.empty()) levels_ = {0, 1, 0};
    if (times_seconds_.empty()) times_seconds_.assign(levels_.size() - 1, 1.0);
  }

  size_t num_segments() const { return std::max(levels_.size() - 1, times_seconds_.size()); }
  double level(size_t i) const { return levels_[i % levels_.size()]; }
  double seconds(size_t segment) const { return times_seconds_[segment % times_seconds_.size()]; }
  double total_seconds() const {
    double total = 0;
    for (size_t i = 0; i < num_segments(); ++i) total += seconds(i);
    return total;
  }

 private:
  std::vector<double> levels_;
  std::vector<double> times_seconds_;
};

struct Segment {
  double start;   // frames from the start of the envelope
  double length;  // frames
  CurveSegment curve;
};

class Envelope final : public ControlProcessor<Envelope, NoMemory> {
 public:
  static ProcessorSpec Spec();

  static absl::StatusOr<Layout> Plan(const Parameters& parameters, const StreamFormat& format) {
    const Course course(parameters);
    if (parameters.boolean("loop") && course.total_seconds() * format.sample_rate_hz < 1) {
      return parameters.Error("times_seconds", "is less than a frame in all: a loop needs more");
    }
    return Layout{.state_bytes = kStateBytes,
                  .shared_bytes = static_cast<int64_t>(course.num_segments() * sizeof(Segment))};
  }

  Envelope(const Parameters& parameters, int sample_rate_hz)
      : Envelope(Course(parameters), CurveOf(parameters.choice("curve")),
                 parameters.boolean("loop"), sample_rate_hz) {}

  void Run(const ProcessIo& io, NoMemory&) const {
    const std::span<float> out = io.control_outs[0];
    int i = 0;
    for (; i < io.num_frames && io.position_frames + i < 0; ++i) RunPiece(0, out.subspan(i, 1));
    while (i < io.num_frames) {
      const int64_t frame = io.position_frames + i;
      const int64_t end = RunPiece(frame, out.subspan(i));
      i += static_cast<int>(std::min<int64_t>(end - frame, io.num_frames - i));
    }
    const FrameValues scales(io.controls[kScale], io.num_frames);
    const FrameValues offsets(io.controls[kOffset], io.num_frames);
    const float* const scale = scales.data();
    const float* const offset = offsets.data();
    for (int j = 0; j < io.num_frames; ++j) out[j] = offset[j] + scale[j] * out[j];
  }

 private:
  Envelope(const Course& course, Curve curve, bool loops, int sample_rate_hz)
      : loops_(loops),
        period_(course.total_seconds() * sample_rate_hz),
        last_level_(static_cast<float>(course.level(course.num_segments()))) {
    segments_.reserve(course.num_segments());
    double start_seconds = 0;
    for (size_t i = 0; i < course.num_segments(); ++i) {
      segments_.push_back({start_seconds * sample_rate_hz, course.seconds(i) * sample_rate_hz,
                           CurveSegment(curve, course.level(i), course.level(i + 1))});
      start_seconds += course.seconds(i);
    }
  }

  // Where segment i of round k begins, and the nearest frame to it. All decisions are made by
  // FirstFrame, so that they agree wherever a call starts.
  double Start(int64_t round, size_t i) const {
    if (i == segments_.size()) return Start(round + 1, 0);
    return static_cast<double>(round) * period_ + segments_[i].start;
  }
  int64_t FirstFrame(int64_t round, size_t i) const {
    return static_cast<int64_t>(std::ceil(Start(round, i) - 0.5));
  }

  // Renders the segment at `frame` into the front of `out`; returns its end.
  int64_t RunPiece(int64_t frame, std::span<float> out) const {
    if (segments_.empty() || (!loops_ && frame >= FirstFrame(0, segments_.size()))) {
      std::ranges::fill(out, last_level_);
      return kUnknownEnd;
    }
    int64_t round = 0;
    if (loops_) {
      round = static_cast<int64_t>((static_cast<double>(frame) + 0.5) / period_);
      while (FirstFrame(round, 0) > frame) --round;
      while (FirstFrame(round + 1, 0) <= frame) ++round;
    }
    // The last segment that has begun: those before it are over, if they took any frame at all.
    size_t low = 0, high = segments_.size();
    while (high - low > 1) {
      const size_t middle = low + (high - low) / 2;
      (FirstFrame(round, middle) <= frame ? low : high) = middle;
    }
    const int64_t end = FirstFrame(round, low + 1);
    const auto count = std::min<int64_t>(end - frame, static_cast<int64_t>(out.size()));
    segments_[low].curve.Render(frame, Start(round, low), std::max(segments_[low].length, 1e-9),
                                out.first(static_cast<size_t>(count)));
    return end;
  }

  const bool loops_;
  const double period_;  // frames
  const float last_level_;
  std::vector<Segment> segments_;
};

ProcessorSpec Envelope::Spec() {
  return {
      .name = "envelope",
      .summary = "A control that goes from level to level in given times, once or in a loop.",
      .doc = absl::StrCat(
          "out = offset + scale * level. The way from levels[i] to levels[i + 1] takes "
          "times_seconds[i]; "
          "the shorter list starts again until the longer one is used up. Then it holds "
          "the last level or, in a loop, starts again at the first (jumping, if they differ). "
          "Turns lie at the nearest frame; each is computed from its time, so that a loop never "
          "drifts. step: each level is held, then left at once. linear: straight lines. ",
          kExponentialDoc, " smooth: 3 x^2 - 2 x^3, which comes to rest at every level."),
      .category = "control",
      .example = "envelope(levels=[0, 1, 0.3, 0], times_seconds=[0.01, 0.1, 0.5])",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The level, scaled and offset.")},
      .parameters = {InAnyUnit({.name = "levels",
                                .type = ParameterType::kNumberList,
                                .doc = "The levels; none: 0, 1, 0."}),
                     {.name = "times_seconds",
                      .type = ParameterType::kNumberList,
                      .unit = Unit::kSeconds,
                      .minimum = 0,
                      .maximum = 86400,
                      .doc = "From each level to the next; none: 1 s each. 0: a jump."},
                     {.name = "curve",
                      .type = ParameterType::kChoice,
                      .choices = {"linear", "exponential", "smooth", "step"},
                      .doc = "The way between two levels."},
                     {.name = "loop",
                      .type = ParameterType::kBoolean,
                      .doc = "Whether it starts again at its end."},
                     InAnyUnit({.name = "scale",
                                .default_value = 1,
                                .rate = Rate::kAudio,
                                .smoothing_seconds = 0.01,
                                .doc = "Factor of the levels."}),
                     InAnyUnit({.name = "offset",
                                .default_value = 0,
                                .rate = Rate::kAudio,
                                .smoothing_seconds = 0.01,
                                .doc = "Added to them."})},
  };
}

const Registration<Envelope> kEnvelope;

}  // namespace
}  // namespace patchbay
