#ifndef CLIENTS_FILES_SOUND_FORMAT_H_
#define CLIENTS_FILES_SOUND_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace patchbay {

// A file format in libsndfile's terms: a container and, within it, an encoding of samples.
struct SoundFormat {
  int container = 0;  // SF_FORMAT_WAV...
  int subtype = 0;    // SF_FORMAT_PCM_16...

  bool operator==(const SoundFormat&) const = default;
};

// libsndfile's names in small letters: "wav", "pcm_16". Unknown codes come out as hexadecimal.
std::string ContainerName(const SoundFormat& format);
std::string SubtypeName(const SoundFormat& format);

// Bits of the integers that the encoding starts from; none if it starts from floats.
std::optional<int> IntegerBits(const SoundFormat& format);

// The encoding stores those integers themselves, so that rounding to them is the only loss.
bool IsPcm(const SoundFormat& format);

// What holds num_frames: `format`, or RF64 where WAV would be too small. INVALID_ARGUMENT where
// another container must be chosen.
absl::StatusOr<SoundFormat> FitLength(const SoundFormat& format, absl::string_view path,
                                      int num_channels, int64_t num_frames);

// What to write to `path`: the container by `container_name` or else by the path's suffix, or WAV
// for "-", standard output; the
// subtype by `subtype_name`, or else that of `source` (what the audio was read from) where the
// container has it, or else the smallest of the container's that keeps the precision of `source`
// (24 bits if there is none). Names in any case; empty ones are not given. INVALID_ARGUMENT names
// what there is to choose from.
absl::StatusOr<SoundFormat> ChooseSoundFormat(absl::string_view path,
                                              absl::string_view container_name,
                                              absl::string_view subtype_name,
                                              const std::optional<SoundFormat>& source,
                                              int sample_rate_hz, int num_channels);

// Names of what can be written.
std::vector<std::string> ContainerNames();
std::vector<std::string> SubtypeNames();

}  // namespace patchbay

#endif  // CLIENTS_FILES_SOUND_FORMAT_H_
