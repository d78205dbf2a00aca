#include "clients/cli/file_job.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/job_inputs.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// A session for the job's files, whose latency is compensated.
absl::StatusOr<std::unique_ptr<Stream>> OpenStream(Client& client, const FileJob& job,
                                                   const JobInputs& inputs) {
  SessionOptions options = {.sample_rate_hz = job.sample_rate_hz,
                            .input_channels = {},
                            .exclude_tail = job.exclude_tail,
                            .compensate_latency = true};
  for (const JobInputs::File& file : inputs.files()) {
    options.sample_rate_hz = file.reader->sample_rate_hz();
    options.input_channels.push_back(file.reader->num_channels());
  }
  std::map<std::string, Clip> clips;
  for (const auto& [name, path] : job.clips) {
    PATCHBAY_ASSIGN_OR_RETURN(clips[name], ReadClip(path));
    options.clips[name] = &clips[name];
  }
  auto stream = client.Open(Text(job.expression), options);
  if (absl::IsResourceExhausted(stream.status()) &&
      absl::StrContains(stream.status().message(), "larger than max")) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the clips are too long for this server: ", stream.status().message(),
                     "; start it with a larger --max_message_bytes, or process without --server"));
  }
  return stream;
}

// Frames that each output will have.
std::optional<int64_t> ExpectedFrames(const FileJob& job, const JobInputs& inputs,
                                      const v1::StreamInfo& info) {
  std::optional<int64_t> frames;
  if (!inputs.files().empty()) {
    frames = inputs.expected_frames();
  } else if (info.has_length_frames()) {
    frames = info.length_frames();
  }
  if (frames.has_value()) *frames += info.tail_frames();
  if (job.num_frames.has_value())
    frames = std::min(*job.num_frames, frames.value_or(*job.num_frames));
  return frames;
}

absl::Status RunStream(const FileJob& job, Stream& stream, JobInputs& inputs, const Sink& sink,
                       const std::function<absl::Status()>& take_controls) {
  if (!inputs.files().empty()) {
    const Source source = [&](std::span<const Block> blocks) -> absl::StatusOr<int> {
      // Here too: there may be no audio outputs.
      PATCHBAY_RETURN_IF_ERROR(take_controls());
      return inputs.Read(blocks);
    };
    return stream.Run(source, sink, job.chunk_frames);
  }
  if (!job.num_frames.has_value() && !stream.info().has_length_frames()) {
    return absl::InvalidArgumentError(
        "the expression never ends: say how much of it to take with --seconds or --frames");
  }
  return stream.Run(sink, job.num_frames);
}

}  // namespace

absl::StatusOr<FileJobResult> RunFileJob(Client& client, const FileJob& job,
                                         ProgressBar& progress) {
  const auto start = std::chrono::steady_clock::now();
  PATCHBAY_ASSIGN_OR_RETURN(JobInputs inputs, JobInputs::Open(job.inputs));
  PATCHBAY_ASSIGN_OR_RETURN(const std::unique_ptr<Stream> stream, OpenStream(client, job, inputs));
  FileJobResult result;
  result.sample_rate_hz =
      inputs.files().empty() ? job.sample_rate_hz : inputs.files()[0].reader->sample_rate_hz();

  std::optional<SoundFormat> source_format;
  if (!inputs.files().empty()) source_format = inputs.files()[0].reader->format();
  const std::optional<int64_t> expected = ExpectedFrames(job, inputs, stream->info());
  PATCHBAY_ASSIGN_OR_RETURN(
      JobOutputs outputs, JobOutputs::Create(job.outputs, stream->info(), source_format, expected));
  PATCHBAY_ASSIGN_OR_RETURN(
      ControlFiles controls,
      ControlFiles::Create(job.controls, stream->info(), result.sample_rate_hz));

  const auto take_controls = [&] { return controls.Write(stream->TakeControls()); };
  const Sink sink = [&](const AudioPiece& piece) -> absl::Status {
    PATCHBAY_RETURN_IF_ERROR(outputs.Write(piece));
    PATCHBAY_RETURN_IF_ERROR(take_controls());
    progress.Update(outputs.num_frames(), expected, result.sample_rate_hz);
    return absl::OkStatus();
  };
  PATCHBAY_RETURN_IF_ERROR(RunStream(job, *stream, inputs, sink, take_controls));
  PATCHBAY_RETURN_IF_ERROR(take_controls());
  PATCHBAY_ASSIGN_OR_RETURN(result.report, stream->Close());
  PATCHBAY_RETURN_IF_ERROR(outputs.Commit());
  PATCHBAY_RETURN_IF_ERROR(controls.Commit());

  for (const JobInputs::File& file : inputs.files()) {
    result.inputs.push_back({.path = file.reader->path(),
                             .num_frames = file.num_frames,
                             .levels = file.levels,
                             .warning = file.reader->warning()});
    result.num_frames = std::max(result.num_frames, file.num_frames);
  }
  result.outputs = outputs.Files();
  if (inputs.files().empty()) result.num_frames = outputs.num_frames();
  result.controls = controls.Summaries();
  const auto end = std::chrono::steady_clock::now();
  result.wall_seconds = std::chrono::duration<double>(end - start).count();
  return result;
}

}  // namespace patchbay
