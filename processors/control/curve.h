#ifndef PROCESSORS_CONTROL_CURVE_H_
#define PROCESSORS_CONTROL_CURVE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace patchbay {

enum class Curve { kLinear, kExponential, kSmooth, kStep };

// The choice "linear", "exponential", "smooth" or "step".
Curve CurveOf(const std::string& choice);

// What the doc of a processor says about an exponential curve.
extern const char kExponentialDoc[];

// The way from one level to another while x goes from 0 to 1:
//   linear       from + (to - from) x
//   exponential  from (to / from)^x: a straight line in decibels, semitones or octaves. A level of
//                zero is approached as from 0.001 of the other (-60 dB), and reached; between
//                levels of different signs the way is linear.
//   smooth       from + (to - from) (3 x^2 - 2 x^3), which starts and ends at rest
//   step         from, and `to` at x = 1
class CurveSegment {
 public:
  CurveSegment(Curve curve, double from, double to);

  // Replaces each x by the level there: exact at 0 and 1, finite for |x| <= 1e9. Beyond 0 and 1
  // linear and exponential go on, smooth and step hold.
  void Apply(std::span<float> xs) const;

  // The levels of out.size() frames from `frame`, x being (frame - start) / length, held at both
  // ends. The level of a frame does not depend on where the span starts. length > 0.
  void Render(int64_t frame, double start, double length, std::span<float> out) const;

 private:
  Curve curve_;
  float from_;
  float to_;
  float change_;       // to - from; of exponential: the factor of (to / from)^x - 1
  float octaves_ = 0;  // log2(to / from)
};

}  // namespace patchbay

#endif  // PROCESSORS_CONTROL_CURVE_H_
