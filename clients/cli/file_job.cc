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
                            .input_names = job.input_names,
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

// How long the outputs will be, unless the expression changes the length.
std::optional<double> ExpectedSeconds(const FileJob& job, const JobInputs& inputs,
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
  if (!frames.has_value()) return std::nullopt;
  return static_cast<double>(*frames) / inputs.sample_rate_hz().value_or(job.sample_rate_hz);
}

// The files that a stream's outputs go to, opened once the outputs are known.
class JobSink {
 public:
  JobSink(const FileJob& job, const JobInputs& inputs, Stream& stream, ProgressBar& progress)
      : job_(job),
        inputs_(inputs),
        stream_(stream),
        progress_(progress),
        expected_seconds_(ExpectedSeconds(job, inputs, stream.info())) {}

  // What can be done now. Twice: before anything runs, to fail early; and at the end, because
  // outputs may have no audio.
  absl::Status Open() {
    if (outputs_.has_value()) return absl::OkStatus();
    if (!stream_.outputs_are_known()) return JobOutputs::Check(job_.outputs);
    std::optional<SoundFormat> format;
    if (!inputs_.files().empty()) format = inputs_.files()[0].reader->format();
    PATCHBAY_ASSIGN_OR_RETURN(outputs_,
                              JobOutputs::Create(job_.outputs, stream_, format, expected_seconds_));
    PATCHBAY_ASSIGN_OR_RETURN(controls_, ControlFile::Create(job_.controls, stream_.info(),
                                                             job_.controls_rate));
    return absl::OkStatus();
  }

  absl::Status Write(const AudioPiece& piece) {
    PATCHBAY_RETURN_IF_ERROR(Open());
    PATCHBAY_RETURN_IF_ERROR(outputs_->Write(piece));
    progress_.Update(outputs_->seconds(), expected_seconds_);
    return TakeControls();
  }

  absl::Status TakeControls() {
    return controls_.has_value() ? controls_->Write(stream_.TakeControls()) : absl::OkStatus();
  }

  absl::Status Commit() {
    PATCHBAY_RETURN_IF_ERROR(Open());
    if (!outputs_.has_value()) return absl::DataLossError("the server never named its outputs");
    PATCHBAY_RETURN_IF_ERROR(TakeControls());
    PATCHBAY_RETURN_IF_ERROR(outputs_->Commit());
    return controls_->Commit();
  }

  // Whether anything has come out.
  absl::StatusOr<bool> HasAny() {
    PATCHBAY_RETURN_IF_ERROR(Open());
    PATCHBAY_RETURN_IF_ERROR(TakeControls());
    if (!outputs_.has_value()) return false;
    const auto has_values = [](const ControlSummary& control) { return control.num_values > 0; };
    return outputs_->seconds() > 0 || std::ranges::any_of(controls_->Summaries(), has_values);
  }

  const JobOutputs& outputs() const { return *outputs_; }
  const ControlFile& controls() const { return *controls_; }

 private:
  const FileJob& job_;
  const JobInputs& inputs_;
  Stream& stream_;
  ProgressBar& progress_;
  const std::optional<double> expected_seconds_;
  std::optional<JobOutputs> outputs_;
  std::optional<ControlFile> controls_;
};

absl::Status RunStream(const FileJob& job, Stream& stream, JobInputs& inputs, JobSink& files) {
  const Sink sink = [&files](const AudioPiece& piece) { return files.Write(piece); };
  if (!inputs.files().empty()) {
    const Source source = [&](std::span<const Block> blocks) -> absl::StatusOr<int> {
      // Here too: there may be no audio outputs.
      PATCHBAY_RETURN_IF_ERROR(files.TakeControls());
      return inputs.Read(blocks);
    };
    return stream.Run(source, sink, job.chunk_frames);
  }
  if (job.num_frames.has_value() || stream.info().has_length_frames()) {
    return stream.Run(sink, job.num_frames);
  }
  // Where not everything streams, nobody knows the length, and a generator without end has none.
  const absl::Status status = stream.keeps_length() ? absl::OkStatus() : stream.Run(sink);
  if (!status.ok()) return status;
  PATCHBAY_ASSIGN_OR_RETURN(const bool has_any, files.HasAny());
  if (has_any) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the expression never ends: say how much of it to take with --seconds or --frames");
}

}  // namespace

absl::StatusOr<FileJobResult> RunFileJob(Client& client, const FileJob& job,
                                         ProgressBar& progress) {
  const auto start = std::chrono::steady_clock::now();
  PATCHBAY_ASSIGN_OR_RETURN(JobInputs inputs, JobInputs::Open(job.inputs));
  PATCHBAY_ASSIGN_OR_RETURN(const std::unique_ptr<Stream> stream, OpenStream(client, job, inputs));
  stream->set_on_progress([&progress](const v1::Progress& work) {
    std::optional<double> fraction;
    if (!work.fraction_unknown()) fraction = work.fraction();
    progress.UpdateWork(work.node(), fraction, work.frames());
    return absl::OkStatus();
  });
  FileJobResult result;
  result.warnings.assign(stream->info().warnings().begin(), stream->info().warnings().end());
  JobSink files(job, inputs, *stream, progress);
  PATCHBAY_RETURN_IF_ERROR(files.Open());
  PATCHBAY_RETURN_IF_ERROR(RunStream(job, *stream, inputs, files));
  PATCHBAY_ASSIGN_OR_RETURN(result.report, stream->Close());
  PATCHBAY_RETURN_IF_ERROR(files.Commit());

  for (const JobInputs::File& file : inputs.files()) {
    const SoundReader& reader = *file.reader;
    result.inputs.push_back({.path = reader.path(),
                             .num_frames = file.num_frames,
                             .levels = file.levels,
                             .warning = reader.warning()});
    result.seconds =
        std::max(result.seconds, static_cast<double>(file.num_frames) / reader.sample_rate_hz());
  }
  result.outputs = files.outputs().Files();
  if (inputs.files().empty()) result.seconds = files.outputs().seconds();
  result.controls = files.controls().Summaries();
  const auto end = std::chrono::steady_clock::now();
  result.wall_seconds = std::chrono::duration<double>(end - start).count();
  return result;
}

}  // namespace patchbay
