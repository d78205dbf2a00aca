#ifndef CLIENTS_FILES_SOUND_WRITER_H_
#define CLIENTS_FILES_SOUND_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/files/partial_file.h"
#include "clients/files/sample_quantizer.h"
#include "clients/files/sound_format.h"
#include "clients/files/sound_reader.h"
#include "processors/core/block.h"

namespace patchbay {

// An audio file that takes its place when it is complete. The same audio gives the same bytes,
// except in Ogg, whose streams carry a random number.
class SoundWriter {
 public:
  struct Options {
    SoundFormat format;
    int sample_rate_hz = 0;
    int num_channels = 0;
    bool dither = true;  // where samples become integers of 16 bits or fewer
  };

  // Errors start with the path.
  static absl::StatusOr<std::unique_ptr<SoundWriter>> Create(const std::string& path,
                                                             const Options& options);

  const std::string& path() const { return partial_->path(); }
  const Options& options() const { return options_; }

  absl::Status Write(ConstBlock block);
  // All is written: leaves the descriptor and the memory that writing took.
  absl::Status Close();
  // Closes, and the file takes its place.
  absl::Status Commit();

  int64_t num_frames() const { return num_frames_; }
  // Samples that integers could not hold.
  int64_t num_clipped() const { return quantizer_ ? quantizer_->num_clipped() : 0; }

 private:
  SoundWriter(std::unique_ptr<PartialFile> partial, SndfileHandle file, const Options& options);
  absl::Status Failed(const std::string& reason) const;

  const std::unique_ptr<PartialFile> partial_;  // outlives file_
  SndfileHandle file_;
  const Options options_;
  std::optional<SampleQuantizer> quantizer_;
  std::vector<float> floats_;
  std::vector<int32_t> integers_;
  int64_t num_frames_ = 0;
};

}  // namespace patchbay

#endif  // CLIENTS_FILES_SOUND_WRITER_H_
