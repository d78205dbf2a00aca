#ifndef CLIENTS_CPP_CONTROL_H_
#define CLIENTS_CPP_CONTROL_H_

#include <span>
#include <vector>

#include "patchbay/v1/control.pb.h"

namespace patchbay {

// Builders for control signals, which move a parameter: in a Description, or live by Stream::Set.

struct CurvePoint {
  double time_seconds = 0;
  double value = 0;                         // in the parameter's unit
  v1::Curve curve = v1::CURVE_UNSPECIFIED;  // from the point before to this one; linear by default
};

v1::ControlSignal ConstantSignal(double value);
// CurveSignal({{0, -60}, {2, 0, v1::CURVE_SMOOTH}}): in ascending order of time.
v1::ControlSignal CurveSignal(const std::vector<CurvePoint>& points);
// Values at equal distances, linear between them; without a rate, one for every frame.
v1::ControlSignal SampledSignal(std::span<const float> values, double rate_hz = 0);

}  // namespace patchbay

#endif  // CLIENTS_CPP_CONTROL_H_
