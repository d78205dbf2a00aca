#ifndef PROCESSORS_GRAPH_CONTROL_SIGNAL_PROTO_H_
#define PROCESSORS_GRAPH_CONTROL_SIGNAL_PROTO_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "patchbay/v1/control.pb.h"
#include "processors/core/control_signal.h"
#include "processors/core/parameter_spec.h"

namespace patchbay {

// The curve that a message stands for, times converted to frames at this sample rate and rounded to
// whole ones; a constant is a curve of one point. INVALID_ARGUMENT, starting with `path`, for what
// is no curve, or leaves the range of `spec`.
absl::StatusOr<std::shared_ptr<const ControlSignal>> FromProto(const v1::ControlSignal& message,
                                                               const ParameterSpec& spec,
                                                               const std::string& path,
                                                               int sample_rate_hz);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_CONTROL_SIGNAL_PROTO_H_
