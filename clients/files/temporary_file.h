#ifndef CLIENTS_FILES_TEMPORARY_FILE_H_
#define CLIENTS_FILES_TEMPORARY_FILE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace patchbay {

// A file without a name, to read and write, which is gone when its descriptor is closed.
absl::StatusOr<int> OpenTemporaryFile();

// All that is left in one descriptor, to another. Errors are of the standard stream or file.
absl::Status CopyDescriptor(int from, int to);

}  // namespace patchbay

#endif  // CLIENTS_FILES_TEMPORARY_FILE_H_
