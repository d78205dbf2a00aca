#ifndef SERVER_CLIP_RUNNER_H_
#define SERVER_CLIP_RUNNER_H_

#include <functional>

#include "absl/status/status.h"
#include "patchbay/v1/patchbay.pb.h"
#include "server/limits.h"

namespace patchbay {

// Runs whole clips through a Description: opens, computes with latency compensated, drains, and
// fills the response. CANCELLED soon after `cancelled()` is true; RESOURCE_EXHAUSTED if the outputs
// would not fit a message.
absl::Status RunClips(const v1::ProcessClipsRequest& request, const Limits& limits,
                      const std::function<bool()>& cancelled, v1::ProcessClipsResponse* response);

}  // namespace patchbay

#endif  // SERVER_CLIP_RUNNER_H_
