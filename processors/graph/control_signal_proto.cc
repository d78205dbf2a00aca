#include "processors/graph/control_signal_proto.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/parameters.h"

namespace patchbay {
namespace {

Curve ToCurve(v1::Curve curve) {
  switch (curve) {
    case v1::CURVE_STEP:
      return Curve::kStep;
    case v1::CURVE_EXPONENTIAL:
      return Curve::kExponential;
    case v1::CURVE_SMOOTH:
      return Curve::kSmooth;
    default:
      return Curve::kLinear;
  }
}

absl::StatusOr<ControlSignal> ToSignal(const v1::ControlSignal& message, int sample_rate_hz) {
  switch (message.signal_case()) {
    case v1::ControlSignal::kConstant:
      return ControlSignal::FromPoints({{.value = message.constant()}});
    case v1::ControlSignal::kBreakpoints: {
      std::vector<ControlSignal::Point> points;
      for (const v1::Breakpoint& point : message.breakpoints().points()) {
        const double frame = point.has_frame() ? static_cast<double>(point.frame())
                                               : std::round(point.time_seconds() * sample_rate_hz);
        points.push_back({.frame = frame, .value = point.value(), .curve = ToCurve(point.curve())});
      }
      return ControlSignal::FromPoints(std::move(points));
    }
    case v1::ControlSignal::kSamples: {
      static_assert(std::endian::native == std::endian::little, "the wire is little-endian");
      const v1::SampledCurve& samples = message.samples();
      std::vector<float> values(samples.values().size() / sizeof(float));
      if (values.size() * sizeof(float) != samples.values().size()) {
        return absl::InvalidArgumentError("the values of a curve are float32, 4 bytes each");
      }
      std::memcpy(values.data(), samples.values().data(), samples.values().size());
      const double rate = samples.rate_hz();
      return ControlSignal::FromSamples(std::move(values), rate == 0 ? 1 : sample_rate_hz / rate,
                                        ToCurve(samples.curve()));
    }
    case v1::ControlSignal::SIGNAL_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("a control signal has no value");
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ControlSignal>> FromProto(const v1::ControlSignal& message,
                                                               const ParameterSpec& spec,
                                                               const std::string& path,
                                                               int sample_rate_hz) {
  absl::StatusOr<ControlSignal> signal = ToSignal(message, sample_rate_hz);
  if (!signal.ok()) return Prefixed(absl::StrCat(path, ": "), signal.status());
  PATCHBAY_RETURN_IF_ERROR(CheckValue(spec, signal->minimum(), path));
  PATCHBAY_RETURN_IF_ERROR(CheckValue(spec, signal->maximum(), path));
  return std::make_shared<const ControlSignal>(*std::move(signal));
}

}  // namespace patchbay
