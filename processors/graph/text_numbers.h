#ifndef PROCESSORS_GRAPH_TEXT_NUMBERS_H_
#define PROCESSORS_GRAPH_TEXT_NUMBERS_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "processors/core/parameter_spec.h"
#include "processors/graph/text_cursor.h"

namespace patchbay {

// number := ['-' | '+'] digits ['/' digits] [unit] | note

// Numbers that are for no parameter.
const ParameterSpec& AnyNumber();

// Where a number stands: as an operand of arithmetic, it may be a factor in % beside the
// parameter's units; and after an operator, '/' divides what came before, so that it makes no
// fraction.
enum class NumberPlace { kValue, kFirstOperand, kNextOperand };

// The number of tokens of the number, other than a note, that comes next; 0: there is none.
size_t NumberTokens(const TokenCursor& cursor, NumberPlace place = NumberPlace::kValue);

// Whether the parameter is in Hz and this is a note: C#5.
bool IsNote(const ParameterSpec& parameter, absl::string_view name);

// Whether a number for this parameter can begin so.
bool StartsNumber(const ParameterSpec& parameter, const Token& token);

// In the parameter's unit; finite.
absl::StatusOr<double> ParseNumber(const ParameterSpec& parameter, TokenCursor& cursor,
                                   NumberPlace place = NumberPlace::kValue);

// As ParseNumber, but the nearest float: of a number with digits only, the float that it was
// printed from.
absl::StatusOr<float> ParseFloat(const ParameterSpec& parameter, TokenCursor& cursor);

// The shortest digits that are the same number.
std::string PrintNumber(double number);
std::string PrintNumber(float number);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_NUMBERS_H_
