#ifndef PROCESSORS_GRAPH_LIMITS_H_
#define PROCESSORS_GRAPH_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace patchbay {

// Of one Description, checked before anything is allocated. What exceeds them is INVALID_ARGUMENT,
// memory RESOURCE_EXHAUSTED.
struct PlanLimits {
  int max_sample_rate_hz = 768000;
  int max_channels = 64;
  int max_inputs = 256;
  int max_nodes = 256;
  int max_states = 1024;
  int max_depth = 32;
  int64_t max_bytes = int64_t{1} << 30;
};

inline absl::Status TooMany(absl::string_view what, int64_t number, int64_t limit) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": ", number, "; at most ", limit, " are allowed"));
}

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_LIMITS_H_
