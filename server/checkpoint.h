#ifndef SERVER_CHECKPOINT_H_
#define SERVER_CHECKPOINT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/session.h"

namespace patchbay {

// A checkpoint is "PBCK", a format version, the SHA-256 of the rest, and a CheckpointContent: all
// that another server needs to go on bit-exact, on a machine of the same instruction set.

// On the session's strand. FAILED_PRECONDITION if one of its processors cannot be saved.
absl::StatusOr<std::string> SaveCheckpoint(Session& session);

// INVALID_ARGUMENT says why a checkpoint is refused: damaged, of another format, of another version
// of a processor, or too large for the limits.
absl::StatusOr<std::shared_ptr<Session>> OpenCheckpoint(absl::string_view checkpoint,
                                                        const Limits& limits, WorkerPool& pool);

}  // namespace patchbay

#endif  // SERVER_CHECKPOINT_H_
