#ifndef CLIENTS_CLI_JOB_OUTPUTS_H_
#define CLIENTS_CLI_JOB_OUTPUTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/levels.h"
#include "clients/cpp/stream.h"
#include "clients/files/sound_format.h"
#include "clients/files/sound_writer.h"

namespace patchbay {

// The path of output `index` (from 0) of `count`: "{}" becomes its number from 1. Several outputs
// without a "{}" get "_1", "_2" ... before the suffix.
std::string NumberedPath(const std::string& path, int index, int count);

// The audio outputs of a session, a file each.
class JobOutputs {
 public:
  struct Options {
    std::string path;       // see NumberedPath
    std::string container;  // see ChooseSoundFormat
    std::string subtype;
    bool dither = true;
  };

  struct File {
    std::string path;
    SoundWriter::Options format;
    int64_t num_frames = 0;
    int64_t num_clipped = 0;
    Levels levels;
  };

  // `source` is the format of the first input file. `expected_frames` decides whether a container
  // is large enough.
  static absl::StatusOr<JobOutputs> Create(const Options& options, const v1::StreamInfo& info,
                                           const std::optional<SoundFormat>& source,
                                           std::optional<int64_t> expected_frames);

  absl::Status Write(const AudioPiece& piece);
  // All is written: the files take their places.
  absl::Status Commit();

  std::vector<File> Files() const;
  // Frames of the shortest.
  int64_t num_frames() const;

 private:
  struct Output {
    std::unique_ptr<SoundWriter> writer;
    Levels levels;
  };
  std::vector<Output> outputs_;
  std::vector<float> piece_;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_JOB_OUTPUTS_H_
