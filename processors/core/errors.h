#ifndef PROCESSORS_CORE_ERRORS_H_
#define PROCESSORS_CORE_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace patchbay {

// What was wrong, in parts that a program can read. Empty parts are unknown.
struct ErrorDetail {
  std::string path;     // node and parameter: "compressor.attack_seconds"
  std::string value;    // what was asked for
  std::string allowed;  // the range or the names that would do
};

// INVALID_ARGUMENT with a message for people and the detail attached.
absl::Status InvalidArgument(absl::string_view message, const ErrorDetail& detail);

// The detail of a status; all parts empty if it has none.
ErrorDetail DetailOf(const absl::Status& status);

// The same status with `prefix` before its message.
absl::Status Prefixed(absl::string_view prefix, const absl::Status& status);

}  // namespace patchbay

// Returns the error of a Status expression.
#define PATCHBAY_RETURN_IF_ERROR(expression)                     \
  do {                                                           \
    if (absl::Status status = (expression); !status.ok()) return status; \
  } while (false)

#define PATCHBAY_CONCAT_INNER(a, b) a##b
#define PATCHBAY_CONCAT(a, b) PATCHBAY_CONCAT_INNER(a, b)

// Declares `variable` from a StatusOr expression, or returns its error.
#define PATCHBAY_ASSIGN_OR_RETURN(variable, expression) \
  PATCHBAY_ASSIGN_OR_RETURN_INNER(PATCHBAY_CONCAT(status_or_, __LINE__), variable, expression)
#define PATCHBAY_ASSIGN_OR_RETURN_INNER(status_or, variable, expression) \
  auto status_or = (expression);                                         \
  if (!status_or.ok()) return status_or.status();                        \
  variable = *std::move(status_or)

#endif  // PROCESSORS_CORE_ERRORS_H_
