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
#include "clients/cli/output_claims.h"
#include "clients/cpp/stream.h"
#include "clients/files/sound_format.h"
#include "clients/files/sound_writer.h"

namespace patchbay {

// The path of output `index` (from 0) of `count`: "{}" becomes its number from 1. Several outputs
// without a "{}" get "_1", "_2" ... before the suffix. All numbers have as many digits.
std::string NumberedPath(const std::string& path, int index, int count);

// The audio outputs of a session, a file each.
class JobOutputs {
 public:
  struct Options {
    std::vector<std::string> paths;  // one for each output, or one for all: see NumberedPath
    std::string container;           // see ChooseSoundFormat
    std::string subtype;
    bool dither = true;
    std::shared_ptr<OutputClaims> claims;  // null: no other job writes
  };

  struct File {
    std::string path;
    SoundWriter::Options format;
    int64_t num_frames = 0;
    int64_t num_clipped = 0;
    Levels levels;
  };

  // For a session whose outputs are not known yet: what would fail anyway.
  static absl::Status Check(const Options& options);

  // `source` is the format of the first input file. `expected_seconds` decides whether containers
  // are large enough, where the stream does not know the length itself.
  static absl::StatusOr<JobOutputs> Create(const Options& options, const Stream& stream,
                                           const std::optional<SoundFormat>& source,
                                           std::optional<double> expected_seconds);

  absl::Status Write(const AudioPiece& piece);
  // All is written: the files take their places.
  absl::Status Commit();

  std::vector<File> Files() const;
  // Of the longest, so far.
  double seconds() const { return seconds_; }

 private:
  struct Output {
    std::string path;
    SoundWriter::Options format;
    int64_t known_frames = 0;             // after which it is closed; 0: unknown
    std::unique_ptr<SoundWriter> writer;  // null before the first audio, or the end
    Levels levels;
  };

  static absl::Status Open(Output& output);

  std::vector<Output> outputs_;
  std::vector<float> piece_;
  double seconds_ = 0;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_JOB_OUTPUTS_H_
