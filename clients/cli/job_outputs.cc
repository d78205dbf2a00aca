#include "clients/cli/job_outputs.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/usage_error.h"
#include "clients/cli/words.h"
#include "clients/files/partial_file.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// Other files of the process: sockets, standard streams, inputs.
constexpr rlim_t kOtherFiles = 256;

// Outputs that come side by side are open at the same time. The soft limit is for programs that use
// select(2), which this is not.
void AllowFiles(rlim_t count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count + kOtherFiles) return;
  limit.rlim_cur = std::min(limit.rlim_max, count + kOtherFiles);
  setrlimit(RLIMIT_NOFILE, &limit);
}

absl::Status CheckPaths(const std::vector<std::string>& paths, int count) {
  if (count > 0 && paths.empty()) {
    return UsageError("the expression puts out audio: say where to with -o OUT");
  }
  if (count == 0 && !paths.empty()) {
    return UsageError(
        "the expression puts out no audio, only control signals: leave -o away and give "
        "--controls FILE");
  }
  if (paths.size() == 1 && count > 1 && paths[0] == PartialFile::kStandardOutput) {
    return UsageError(absl::StrCat("the expression puts out ", InNumbers(count, "clip"),
                                   ": standard output takes one"));
  }
  if (paths.size() > 1 && std::ssize(paths) != count) {
    return UsageError(absl::StrCat("the expression puts out ", InNumbers(count, "clip"),
                                   " and -o is given ", paths.size(),
                                   " times: give it as often, or once, for numbered "
                                   "files"));
  }
  for (size_t i = 0; i < paths.size(); ++i) {
    if (std::count(paths.begin(), paths.end(), paths[i]) > 1) {
      return UsageError(absl::StrCat("-o ", paths[i], " is given twice"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string NumberedPath(const std::string& path, int index, int count) {
  const size_t digits = absl::StrCat(count).size();
  const std::string number = absl::StrFormat("%0*d", static_cast<int>(digits), index + 1);
  if (path.find("{}") != std::string::npos) return absl::StrReplaceAll(path, {{"{}", number}});
  if (count == 1) return path;
  const size_t name = path.rfind('/') + 1;  // npos + 1 is 0
  const size_t dot = path.rfind('.');
  const size_t end = dot == std::string::npos || dot < name ? path.size() : dot;
  return absl::StrCat(path.substr(0, end), "_", number, path.substr(end));
}

absl::Status JobOutputs::Check(const Options& options) {
  for (const std::string& path : options.paths) {
    if (path.find("{}") != std::string::npos || path == PartialFile::kStandardOutput) continue;
    const bool is_numbered = options.paths.size() == 1;
    const std::string file = is_numbered ? NumberedPath(path, 0, 2) : path;
    PATCHBAY_RETURN_IF_ERROR(PartialFile::Create(file).status());
  }
  return absl::OkStatus();
}

absl::Status JobOutputs::Open(Output& output) {
  if (output.writer != nullptr) return absl::OkStatus();
  PATCHBAY_ASSIGN_OR_RETURN(output.writer, SoundWriter::Create(output.path, output.format));
  return absl::OkStatus();
}

absl::StatusOr<JobOutputs> JobOutputs::Create(const Options& options, const Stream& stream,
                                              const std::optional<SoundFormat>& source,
                                              std::optional<double> expected_seconds) {
  const v1::StreamInfo& info = stream.info();
  const int count = info.outputs_size();
  PATCHBAY_RETURN_IF_ERROR(CheckPaths(options.paths, count));
  AllowFiles(count);
  JobOutputs outputs;
  for (int i = 0; i < count; ++i) {
    const v1::AudioFormat& audio = info.outputs(i);
    const std::string path =
        options.paths.size() > 1 ? options.paths[i] : NumberedPath(options.paths[0], i, count);
    if (options.claims != nullptr) PATCHBAY_RETURN_IF_ERROR(options.claims->Claim(path));
    PATCHBAY_ASSIGN_OR_RETURN(SoundFormat format,
                              ChooseSoundFormat(path, options.container, options.subtype, source,
                                                audio.sample_rate_hz(), audio.num_channels()));
    const int64_t known_frames = stream.output_frames(i);
    int64_t frames = known_frames;
    if (frames == 0 && expected_seconds.has_value()) {
      frames = static_cast<int64_t>(
          std::min(std::ceil(*expected_seconds * audio.sample_rate_hz()), 0x1p62));
    }
    PATCHBAY_ASSIGN_OR_RETURN(format, FitLength(format, path, audio.num_channels(), frames));
    outputs.outputs_.push_back({.path = path,
                                .format = {.format = format,
                                           .sample_rate_hz = audio.sample_rate_hz(),
                                           .num_channels = audio.num_channels(),
                                           .dither = options.dither},
                                .known_frames = known_frames});
    // At once, so that what cannot be written fails now; but pieces may be thousands.
    if (!info.outputs_pending()) PATCHBAY_RETURN_IF_ERROR(Open(outputs.outputs_.back()));
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
  PATCHBAY_RETURN_IF_ERROR(Open(output));
  PATCHBAY_RETURN_IF_ERROR(output.writer->Write(block));
  seconds_ = std::max(
      seconds_, static_cast<double>(output.writer->num_frames()) / output.format.sample_rate_hz);
  const bool is_complete = output.writer->num_frames() == output.known_frames;
  return is_complete ? output.writer->Close() : absl::OkStatus();
}

absl::Status JobOutputs::Commit() {
  for (Output& output : outputs_) {
    PATCHBAY_RETURN_IF_ERROR(Open(output));
    PATCHBAY_RETURN_IF_ERROR(output.writer->Close());
  }
  for (const Output& output : outputs_) PATCHBAY_RETURN_IF_ERROR(output.writer->Commit());
  return absl::OkStatus();
}

std::vector<JobOutputs::File> JobOutputs::Files() const {
  std::vector<File> files;
  for (const Output& output : outputs_) {
    files.push_back({.path = output.path,
                     .format = output.format,
                     .num_frames = output.writer->num_frames(),
                     .num_clipped = output.writer->num_clipped(),
                     .levels = output.levels});
  }
  return files;
}

}  // namespace patchbay
