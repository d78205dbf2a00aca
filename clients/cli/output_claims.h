#ifndef CLIENTS_CLI_OUTPUT_CLAIMS_H_
#define CLIENTS_CLI_OUTPUT_CLAIMS_H_

#include <mutex>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace patchbay {

// The files that jobs side by side put out: that of one job is not to replace that of another.
// Thread-safe.
class OutputClaims {
 public:
  // FAILED_PRECONDITION if the path was claimed before.
  absl::Status Claim(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (claimed_.insert(path).second) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "another input's output is ", path, " too: process them into folders of their own"));
  }

 private:
  std::mutex mutex_;
  std::set<std::string> claimed_;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_OUTPUT_CLAIMS_H_
