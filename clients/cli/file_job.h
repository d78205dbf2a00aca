#ifndef CLIENTS_CLI_FILE_JOB_H_
#define CLIENTS_CLI_FILE_JOB_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/control_file.h"
#include "clients/cli/job_outputs.h"
#include "clients/cli/levels.h"
#include "clients/cli/progress_bar.h"
#include "clients/cpp/client.h"

namespace patchbay {

// Files through an expression into files: what `patchbay process` does.
struct FileJob {
  std::vector<std::string> inputs;
  std::vector<std::string> input_names;  // none, or one for each input
  std::string expression;
  std::string expression_file;               // where it was read from, for messages
  std::map<std::string, std::string> clips;  // files, by the names they have in the expression
  JobOutputs::Options outputs;
  std::string controls;      // CSV file; empty: none
  double controls_rate = 0;  // its rows a second; 0: one for each frame
  bool exclude_tail = false;
  int chunk_frames = 0;  // 0: what is fast
  // Without inputs:
  int sample_rate_hz = 48000;
  std::optional<int64_t> num_frames;
};

struct FileJobResult {
  struct Input {
    std::string path;
    int64_t num_frames = 0;
    Levels levels;
    std::string warning;
  };

  std::vector<Input> inputs;
  std::vector<JobOutputs::File> outputs;
  std::vector<ControlSummary> controls;
  double seconds = 0;  // of the longest input, or output if there is none
  double wall_seconds = 0;
  std::vector<std::string> warnings;  // of the server
  v1::Report report;
};

// Memory does not depend on the length of the files, except that clips are held whole. Output files
// appear when all of them are complete; after an error there are none.
absl::StatusOr<FileJobResult> RunFileJob(Client& client, const FileJob& job, ProgressBar& progress);

}  // namespace patchbay

#endif  // CLIENTS_CLI_FILE_JOB_H_
