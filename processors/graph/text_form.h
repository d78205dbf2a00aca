#ifndef PROCESSORS_GRAPH_TEXT_FORM_H_
#define PROCESSORS_GRAPH_TEXT_FORM_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "patchbay/v1/description.pb.h"
#include "processors/core/registry.h"

namespace patchbay {

// The text form of a Description:
//
//   expression := step ('|' step)*
//   step       := input | call | '(' expression ')' | '(' name '=' call ')'
//   input      := 'in' ['[' integer ']']
//   call       := processor ['(' [argument (',' argument)*] ')']
//   argument   := [(parameter | port) '='] value
//   value      := number | true | false | choice | '[' [number (',' number)*] ']' | '@' clip
//               | expression
//   number     := ['-' | '+'] digits ['/' digits] [unit] | note
//
//   highpass(80Hz, order=4) | compressor(threshold=-18dB, attack=5ms, sidechain=in[1]) | gain(-3dB)
//
// Arguments without a name come first: expressions are for the input ports, all others for the
// parameters, in the order of the table. Names (of processors, parameters, ports, choices) may be
// cut short while they are unique. Choices, clips and the node's name in `(name = call)` may be
// quoted. Parentheses make a chain, also of one step. `#` starts a comment; white space is free.
//
// Units, for parameters in: Hz: Hz, kHz, notes (A4 is 440 Hz, C#5, Bb3; equal temperament);
// dB: dB; seconds: s, ms, us, min; cycles: cycles, deg, %; plain numbers: %. Without a unit, a
// number is in the parameter's own.

inline constexpr size_t kMaxTextBytes = 64 << 10;
inline constexpr int kMaxTextDepth = 32;
inline constexpr int kMaxTextCalls = 256;

// Names come out in full and numbers in the parameter's unit. Their ranges are not checked:
// Parameters::Create does that. Every error is INVALID_ARGUMENT and starts with its place:
// "column 14: " or "line 3, column 14: ".
absl::StatusOr<v1::Expression> ParseText(absl::string_view text, const Registry& registry);

// In one line, such that ParseText gives an equal Expression back: numbers in the shortest form
// that is the same double, parameters in the order of the table, then input ports. What the
// registry does not know is printed as it is.
std::string PrintText(const v1::Expression& expression, const Registry& registry);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_FORM_H_
