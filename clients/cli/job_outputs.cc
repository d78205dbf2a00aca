#include "clients/cli/job_outputs.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/usage_error.h"
#include "processors/core/errors.h"

namespace patchbay {

std::string NumberedPath(const std::string& path, int index, int count) {
  const std::string number = absl::StrCat(index + 1);
  if (path.find("{}") != std::string::npos) return absl::StrReplaceAll(path, {{"{}", number}});
  if (count == 1) return path;
  const size_t name = path.rfind('/') + 1;  // npos + 1 is 0
  const size_t dot = path.rfind('.');
  const size_t end = dot == std::string::npos || dot < name ? path.size() : dot;
  return absl::StrCat(path.substr(0, end), "_", number, path.substr(end));
}

absl::StatusOr<JobOutputs> JobOutputs::Create(const Options& options, const v1::StreamInfo& info,
                                              const std::optional<SoundFormat>& source,
                                              std::optional<int64_t> expected_frames) {
  const int count = info.outputs_size();
  if (count > 0 && options.path.empty()) {
    return UsageError("the expression puts out audio: say where to with -o OUT");
  }
  if (count == 0 && !options.path.empty()) {
    return UsageError(
        "the expression puts out no audio, only control signals: leave -o away and give "
        "--controls FILE");
  }
  JobOutputs outputs;
  for (int i = 0; i < count; ++i) {
    const v1::AudioFormat& audio = info.outputs(i);
    const std::string path = NumberedPath(options.path, i, count);
    PATCHBAY_ASSIGN_OR_RETURN(SoundFormat format,
                              ChooseSoundFormat(path, options.container, options.subtype, source,
                                                audio.sample_rate_hz(), audio.num_channels()));
    if (expected_frames.has_value()) {
      PATCHBAY_ASSIGN_OR_RETURN(format,
                                FitLength(format, path, audio.num_channels(), *expected_frames));
    }
    PATCHBAY_ASSIGN_OR_RETURN(std::unique_ptr<SoundWriter> writer,
                              SoundWriter::Create(path, {.format = format,
                                                         .sample_rate_hz = audio.sample_rate_hz(),
                                                         .num_channels = audio.num_channels(),
                                                         .dither = options.dither}));
    outputs.outputs_.push_back({.writer = std::move(writer)});
  }
  return outputs;
}

absl::Status JobOutputs::Write(const AudioPiece& piece) {
  const size_t num_samples = static_cast<size_t>(piece.num_channels()) * piece.num_frames();
  if (piece_.size() < num_samples) piece_.resize(num_samples);
  const Block block(piece_.data(), piece.num_channels(), piece.num_frames(), piece.num_frames());
  piece.CopyTo(block);
  Output& output = outputs_[piece.output()];
  output.levels.Add(block);
  return output.writer->Write(block);
}

absl::Status JobOutputs::Commit() {
  for (const Output& output : outputs_) PATCHBAY_RETURN_IF_ERROR(output.writer->Commit());
  return absl::OkStatus();
}

std::vector<JobOutputs::File> JobOutputs::Files() const {
  std::vector<File> files;
  for (const Output& output : outputs_) {
    files.push_back({.path = output.writer->path(),
                     .format = output.writer->options(),
                     .num_frames = output.writer->num_frames(),
                     .num_clipped = output.writer->num_clipped(),
                     .levels = output.levels});
  }
  return files;
}

int64_t JobOutputs::num_frames() const {
  if (outputs_.empty()) return 0;
  int64_t frames = std::numeric_limits<int64_t>::max();
  for (const Output& output : outputs_) frames = std::min(frames, output.writer->num_frames());
  return frames;
}

}  // namespace patchbay
