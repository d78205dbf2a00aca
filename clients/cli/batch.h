#ifndef CLIENTS_CLI_BATCH_H_
#define CLIENTS_CLI_BATCH_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/file_job.h"
#include "clients/cpp/client.h"

namespace patchbay {

// Many files, each through the expression on its own: what `patchbay process` does where its
// outputs or controls go to a folder.
struct BatchOptions {
  int num_threads = 1;
  bool quiet = false;
  bool json = false;
};

// Whether the job's outputs or controls are a folder: one that is there, or a path that ends in /.
bool IsBatch(const FileJob& job);

// A job for each input, which writes to the input's name in the folders; the suffix is the input's,
// or that of --format. Usage errors: no or named inputs, two inputs of one name, a file beside a
// folder.
absl::StatusOr<std::vector<FileJob>> SplitBatch(const FileJob& job);

// Runs the jobs, a few at a time, and tells of each in their order: what was done on standard
// output, errors on standard error. One that fails does not keep the others from being done; only
// what is wrong with the expression itself or the command line ends the batch. An error if any has
// failed. Makes the folders.
absl::Status RunBatch(Client& client, const std::vector<FileJob>& jobs,
                      const BatchOptions& options);

}  // namespace patchbay

#endif  // CLIENTS_CLI_BATCH_H_
