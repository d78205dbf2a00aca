#ifndef PROCESSORS_GRAPH_TEXT_FORM_H_
#define PROCESSORS_GRAPH_TEXT_FORM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "patchbay/v1/description.pb.h"
#include "processors/core/registry.h"

namespace patchbay {

// The text form of a Description; TEXT_FORM.md has the grammar:
//
//   duck = envelope_follower(in[1], release=200ms)
//   in[0] | highpass(80Hz, order=4) | gain(-24dB * duck)
//
// A Description without definitions and with one output is that expression, and otherwise a Graph.

inline constexpr size_t kMaxTextBytes = 64 << 10;
// Of Expressions in Expressions. Each takes up to four messages of the hundred that protobuf reads
// in one another (Expression, Call, argument, Value); a Graph and the request around it need ten
// more.
inline constexpr int kMaxTextDepth = 20;
// Calls, definitions and operators.
inline constexpr int kMaxTextCalls = 256;

// Names come out in full and numbers in the parameter's unit. Their ranges are not checked:
// Parameters::Create does that. `input_names` are of the session's inputs: the text can use them
// like its definitions; `outer_names` as well, unless it has definitions of these names itself.
// Every error is INVALID_ARGUMENT and starts with its place: "column 14: " or "line 3, column 14:
// ".
absl::StatusOr<v1::Expression> ParseText(absl::string_view text, const Registry& registry,
                                         const std::vector<std::string>& input_names = {},
                                         const std::vector<std::string>& outer_names = {});

// The same for the texts that are parts of an Expression, each parsed where it stands: see
// Expression.text. What is left has no texts in it. An error starts with the text: "in 'gian(3dB)',
// column 1: ".
absl::StatusOr<v1::Expression> ParseParts(v1::Expression expression, const Registry& registry,
                                          const std::vector<std::string>& input_names = {});

// Such that ParseText gives an equal Expression back (except for a Graph of one output and nothing
// else: it gives the output): numbers in the shortest form that is the same double, parameters in
// the order of the table, then input ports. What the registry does not know is printed as it is.
// One line for each definition and output.
std::string PrintText(const v1::Expression& expression, const Registry& registry);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_FORM_H_
