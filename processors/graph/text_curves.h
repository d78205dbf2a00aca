#ifndef PROCESSORS_GRAPH_TEXT_CURVES_H_
#define PROCESSORS_GRAPH_TEXT_CURVES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "patchbay/v1/control.pb.h"
#include "processors/core/parameter_spec.h"
#include "processors/graph/text_cursor.h"

namespace patchbay {

// Breakpoints and sampled curves in the text form:
//
//   curve  := '{' point (',' point)* '}'
//           | '{' '[' number (',' number)* ']' [number in Hz] ['linear' | 'step'] '}'
//   point  := [time ':'] number [shape]
//   time   := number in seconds | whole number 'frames'
//   shape  := 'linear' | 'step' | 'exponential' | 'smooth'

// The shape of this name.
std::optional<v1::Curve> CurveOf(absl::string_view name);

// From '{' to '}'. The values are converted to the unit of `parameter`.
absl::StatusOr<v1::ControlSignal> ParseCurve(const ParameterSpec& parameter, TokenCursor& cursor);

// A signal that is not constant. Parts that are not set come out as '?'.
std::string PrintCurve(const v1::ControlSignal& signal);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_CURVES_H_
