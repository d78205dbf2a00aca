#ifndef SERVER_LIMITS_H_
#define SERVER_LIMITS_H_

#include <algorithm>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/graph/plan.h"
#include "server/config.pb.h"

namespace patchbay {

// The limits in force: see config.proto. Every one of them is enforced before memory is allocated.
struct Limits {
  PlanLimits plan;
  int max_message_bytes = 4 << 20;
  int max_concurrent_streams = 1000;
  int max_sessions = 10000;
  int64_t max_total_bytes = int64_t{8} << 30;
  absl::Duration max_lease = absl::Seconds(3600);
  absl::Duration default_lease = absl::Seconds(300);

  // The largest AudioChunk.samples: a message with some room for its other fields. Larger chunks
  // than this would gain nothing, however large messages may be.
  int max_chunk_bytes() const { return std::min(max_message_bytes, 4 << 20) - 1024; }

  // INVALID_ARGUMENT for limits that make no sense.
  static absl::StatusOr<Limits> FromConfig(const internal::Limits& config);
};

}  // namespace patchbay

#endif  // SERVER_LIMITS_H_
