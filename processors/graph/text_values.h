#ifndef PROCESSORS_GRAPH_TEXT_VALUES_H_
#define PROCESSORS_GRAPH_TEXT_VALUES_H_

#include "absl/status/statusor.h"
#include "patchbay/v1/description.pb.h"
#include "processors/core/processor_spec.h"
#include "processors/graph/text_cursor.h"

namespace patchbay {

// The value of one parameter of `processor`: a number, word, list of numbers or clip, as its type
// says.
absl::StatusOr<v1::Value> ParseValue(const ProcessorSpec& processor, const ParameterSpec& parameter,
                                     TokenCursor& cursor);

// Whether the parameter can take a name: a choice, true, a note.
bool TakesName(const ParameterSpec& parameter, absl::string_view name);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_VALUES_H_
