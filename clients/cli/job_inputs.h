#ifndef CLIENTS_CLI_JOB_INPUTS_H_
#define CLIENTS_CLI_JOB_INPUTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/levels.h"
#include "clients/files/sound_reader.h"
#include "processors/core/block.h"

namespace patchbay {

// Audio files side by side, each followed by silence until the longest ends.
class JobInputs {
 public:
  // INVALID_ARGUMENT if their sample rates differ.
  static absl::StatusOr<JobInputs> Open(const std::vector<std::string>& paths);

  // Fills a block for each file and returns how many frames there are; 0 at the end.
  absl::StatusOr<int> Read(std::span<const Block> blocks);

  struct File {
    std::unique_ptr<SoundReader> reader;
    int64_t num_frames = 0;  // read
    Levels levels;
  };
  const std::vector<File>& files() const { return files_; }

  // Of all; unset if there are none.
  std::optional<int> sample_rate_hz() const;

  // Of the longest, as their headers say; unset if one says nothing.
  std::optional<int64_t> expected_frames() const;

 private:
  absl::Status CheckRates() const;

  std::vector<File> files_;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_JOB_INPUTS_H_
