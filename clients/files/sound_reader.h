#ifndef CLIENTS_FILES_SOUND_READER_H_
#define CLIENTS_FILES_SOUND_READER_H_

#include <sndfile.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/files/sound_format.h"
#include "processors/core/clip.h"

namespace patchbay {

struct SndfileCloser {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndfileHandle = std::unique_ptr<SNDFILE, SndfileCloser>;

// An audio file that is read from its start to its end. Integers become floats from -1 to 1.
class SoundReader {
 public:
  // Errors start with the path.
  static absl::StatusOr<std::unique_ptr<SoundReader>> Open(const std::string& path);

  const std::string& path() const { return path_; }
  int sample_rate_hz() const { return info_.samplerate; }
  int num_channels() const { return info_.channels; }
  SoundFormat format() const;
  // As the file's header says; unset if it says nothing.
  std::optional<int64_t> num_frames() const;

  // Returns how many frames of `out` were filled: fewer than it has at the end of the file only.
  absl::StatusOr<int> Read(Block out);

  // Why the file seems to be damaged; empty if it does not. Complete once the end was read.
  const std::string& warning() const { return warning_; }

 private:
  SoundReader(std::string path, SndfileHandle file, const SF_INFO& info);
  absl::Status NoteEnd();

  const std::string path_;
  const SndfileHandle file_;
  const SF_INFO info_;
  std::string warning_;
  int64_t position_ = 0;
  std::vector<float> interleaved_;
};

// A whole file.
absl::StatusOr<Clip> ReadClip(const std::string& path);

}  // namespace patchbay

#endif  // CLIENTS_FILES_SOUND_READER_H_
