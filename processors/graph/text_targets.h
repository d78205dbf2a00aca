#ifndef PROCESSORS_GRAPH_TEXT_TARGETS_H_
#define PROCESSORS_GRAPH_TEXT_TARGETS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/core/processor_spec.h"
#include "processors/graph/text_cursor.h"
#include "processors/graph/text_scope.h"

namespace patchbay {

// What the arguments of one call are for.
class ArgumentTargets {
 public:
  struct Target {
    std::string name;
    const ParameterSpec* parameter;  // null: an input port
  };

  ArgumentTargets(const ProcessorSpec& spec, TextScope& scope);

  // What the argument that comes next is for; moves past its name. Without a name, a signal that is
  // no control goes to the next input port as long as there is one, all others to the next
  // parameter.
  absl::StatusOr<Target> Next(TokenCursor& cursor);

 private:
  absl::StatusOr<Target> ByName(TokenCursor& cursor);
  // Whether the argument that comes next is a number, word, list of numbers or clip; `next` is the
  // parameter that it would be for, or null.
  bool IsValue(const ParameterSpec* next, const TokenCursor& cursor) const;

  const ProcessorSpec& spec_;
  TextScope& scope_;
  std::vector<std::string> names_;  // parameters, then input ports
  size_t next_parameter_ = 0;       // without a name
  size_t next_port_ = 0;
  bool named_ = false;  // a name was used
};

// Whether something other than a number may be given for the parameter: what moves it.
bool IsControllable(const ParameterSpec& parameter);

// Whether the argument that comes next is a number and nothing more.
bool IsPlainNumber(const ParameterSpec& parameter, const TextScope& scope,
                   const TokenCursor& cursor);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_TARGETS_H_
