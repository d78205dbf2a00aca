#ifndef SERVER_CATCH_EXCEPTIONS_H_
#define SERVER_CATCH_EXCEPTIONS_H_

#include <exception>
#include <new>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace patchbay {

// Runs a function that returns a Status. Our code throws nothing, but memory can run out and
// libraries may throw: one call must not take the server, and every other session, down.
template <typename Function>
absl::Status CatchExceptions(Function&& function) {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("the server is out of memory: try a smaller request");
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("unexpected failure: ", error.what()));
  }
}

}  // namespace patchbay

#endif  // SERVER_CATCH_EXCEPTIONS_H_
