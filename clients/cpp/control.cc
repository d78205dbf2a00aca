#include "clients/cpp/control.h"

namespace patchbay {

v1::ControlSignal ConstantSignal(double value) {
  v1::ControlSignal signal;
  signal.set_constant(value);
  return signal;
}

v1::ControlSignal CurveSignal(const std::vector<CurvePoint>& points) {
  v1::ControlSignal signal;
  v1::Breakpoints& breakpoints = *signal.mutable_breakpoints();
  for (const CurvePoint& point : points) {
    v1::Breakpoint& breakpoint = *breakpoints.add_points();
    breakpoint.set_time_seconds(point.time_seconds);
    breakpoint.set_value(point.value);
    breakpoint.set_curve(point.curve);
  }
  return signal;
}

v1::ControlSignal SampledSignal(std::span<const float> values, double rate_hz) {
  v1::ControlSignal signal;
  v1::SampledCurve& samples = *signal.mutable_samples();
  samples.set_rate_hz(rate_hz);
  samples.set_values(values.data(), values.size_bytes());
  return signal;
}

}  // namespace patchbay
