#include "processors/editing/collection.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/stretches.h"

namespace patchbay {

absl::StatusOr<Clip> NewClip(int sample_rate_hz, int num_channels, int64_t num_frames) {
  constexpr int64_t kMaxSamples = int64_t{1} << 30;
  if (num_frames > kMaxSamples / std::max(1, num_channels)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the result would have ", num_frames, " frames of ", num_channels,
                     " channels: at most ", kMaxSamples, " samples are made; ask for less"));
  }
  return Clip(sample_rate_hz, num_channels, num_frames);
}

absl::StatusOr<int> CommonChannels(std::span<const Clip> clips) {
  if (clips.empty()) return absl::InvalidArgumentError("there are no clips");
  int num_channels = 1;
  for (const Clip& clip : clips) num_channels = std::max(num_channels, clip.num_channels());
  for (size_t i = 0; i < clips.size(); ++i) {
    const int given = clips[i].num_channels();
    if (given == 1 || given == num_channels) continue;
    return InvalidArgument(
        absl::StrCat("in[", i, "] has ", given, " channels, which do not go with the ",
                     num_channels,
                     " of another clip: clips must be mono or have equal numbers of channels"),
        {.path = absl::StrCat("in[", i, "]"),
         .value = absl::StrCat(given, " channels"),
         .allowed = absl::StrCat("1 or ", num_channels, " channels")});
  }
  return num_channels;
}

absl::StatusOr<Clip> Cut(const Clip& clip, Range range, const Progress& progress) {
  Clip part(clip.sample_rate_hz(), clip.num_channels(), range.count);
  PATCHBAY_RETURN_IF_ERROR(InStretches(range.count, progress, [&](int64_t first, int count) {
    Copy(clip.Frames(range.first + first, count), part.Frames(first, count));
  }));
  return part;
}

}  // namespace patchbay
