// patchbay process: audio files through an expression into audio files.

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/batch.h"
#include "clients/cli/clip_option.h"
#include "clients/cli/command.h"
#include "clients/cli/connection.h"
#include "clients/cli/expression_option.h"
#include "clients/cli/file_job.h"
#include "clients/cli/input_arguments.h"
#include "clients/cli/process_report.h"
#include "clients/cli/progress_bar.h"
#include "clients/cli/usage_error.h"
#include "clients/files/partial_file.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

struct Options {
  std::vector<std::string> arguments;  // IN... EXPR, or IN... with a file
  std::vector<std::string> clips;
  FileJob job;
  std::optional<double> seconds;
  bool has_sample_rate = false;
  bool no_dither = false;
  bool quiet = false;
  bool json = false;
  int num_threads = 0;  // of a batch; 0: as many as the machine has processors
  ServerOptions server;
};

// The arguments are IN... EXPR, or IN... if a file has the expression.
absl::Status TakeArguments(const Options& options, FileJob& job) {
  std::span<const std::string> inputs = options.arguments;
  if (!job.expression_file.empty()) {
    PATCHBAY_ASSIGN_OR_RETURN(job.expression, ReadExpression(job.expression_file));
  } else if (inputs.empty()) {
    return UsageError("say what to do: patchbay process in.wav -o out.wav 'gain(-3dB)'");
  } else {
    job.expression = inputs.back();
    inputs = inputs.first(inputs.size() - 1);
    PATCHBAY_ASSIGN_OR_RETURN(const InputArguments last,
                              InputArguments::Parse({&job.expression, 1}));
    if (absl::StrContains(job.expression, '.') && access(last.paths[0].c_str(), F_OK) == 0) {
      return UsageError(absl::StrCat(
          "there is no expression after ", job.expression,
          ": write one last, in quotes, such as 'gain(-3dB)'; `patchbay list` has more"));
    }
  }
  PATCHBAY_ASSIGN_OR_RETURN(const InputArguments arguments, InputArguments::Parse(inputs));
  job.inputs = arguments.paths;
  job.input_names = arguments.names;
  return absl::OkStatus();
}

absl::StatusOr<FileJob> ToJob(const Options& options) {
  FileJob job = options.job;
  PATCHBAY_RETURN_IF_ERROR(TakeArguments(options, job));
  job.outputs.dither = !options.no_dither;
  PATCHBAY_ASSIGN_OR_RETURN(job.clips, ParseClipOptions(options.clips));
  if (!job.inputs.empty()) {
    if (job.num_frames.has_value() || options.seconds.has_value() || options.has_sample_rate) {
      return UsageError(
          "--frames, --seconds and --sample_rate are for expressions without input files");
    }
    return job;
  }
  if (options.seconds.has_value()) {
    const double frames = std::round(*options.seconds * job.sample_rate_hz);
    if (!(frames >= 0 && frames < 0x1p62)) {
      return UsageError(absl::StrCat("--seconds ", *options.seconds, " is not a length"));
    }
    job.num_frames = static_cast<int64_t>(frames);
  }
  return job;
}

// Its audio or controls go to standard output: nothing else may.
bool FillsStandardOutput(const FileJob& job) {
  const auto is_standard = [](const std::string& path) {
    return path == PartialFile::kStandardOutput || path == "/dev/stdout";
  };
  return is_standard(job.controls) || std::ranges::any_of(job.outputs.paths, is_standard);
}

absl::Status ProcessBatch(const Options& options, const FileJob& job) {
  PATCHBAY_ASSIGN_OR_RETURN(const std::vector<FileJob> jobs, SplitBatch(job));
  PATCHBAY_ASSIGN_OR_RETURN(Connection connection, Connection::Open(options.server));
  const int num_processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return RunBatch(connection.client(), jobs,
                  {.num_threads = options.num_threads > 0 ? options.num_threads : num_processors,
                   .quiet = options.quiet,
                   .json = options.json});
}

absl::Status Process(const Options& options) {
  PATCHBAY_ASSIGN_OR_RETURN(const FileJob job, ToJob(options));
  const bool has_room = !FillsStandardOutput(job);
  if (options.json && !has_room) {
    return UsageError("standard output takes audio, controls or --json, one of them");
  }
  if (IsBatch(job)) return InFile(job.expression_file, ProcessBatch(options, job));
  PATCHBAY_ASSIGN_OR_RETURN(Connection connection, Connection::Open(options.server));
  absl::StatusOr<FileJobResult> result;
  {
    ProgressBar progress(!options.quiet);
    result = RunFileJob(connection.client(), job, progress);
  }
  if (!result.ok()) return InFile(job.expression_file, result.status());
  for (const std::string& warning : Warnings(*result)) {
    std::fprintf(stderr, "patchbay: warning: %s\n", warning.c_str());
  }
  if (options.json) {
    std::puts(ToJson(*result).dump(2).c_str());
  } else if (!options.quiet && has_room) {
    std::fputs(InWords(*result).c_str(), stdout);
  }
  return absl::OkStatus();
}

void AddFormatOptions(CLI::App& app, Options& options) {
  JobOutputs::Options& outputs = options.job.outputs;
  app.add_option("-o,--output", outputs.paths,
                 "The file to write, replaced when all is done; the suffix chooses the format. "
                 "For several outputs it may come as often, in their order; or once: their "
                 "numbers take the place of {}, as in take{}.wav, or come last, as in OUT_1.wav. "
                 "A folder, OUT/: each input is processed on its own, and keeps its name there")
      ->allow_extra_args(false)
      ->option_text("OUT");
  app.add_option("--format", outputs.container,
                 absl::StrCat("Whatever the suffix: ", absl::StrJoin(ContainerNames(), ", ")))
      ->type_name("NAME");
  app.add_option("--subtype", outputs.subtype,
                 absl::StrCat("Samples as ", absl::StrJoin(SubtypeNames(), ", "),
                              ". Default: as the first input's, or what keeps its precision"))
      ->type_name("NAME");
  app.add_flag("--no_dither", options.no_dither,
               "Round to 16 or 8 bits without dither (triangular, always the same)");
}

void AddRunOptions(CLI::App& app, Options& options) {
  FileJob& job = options.job;
  AddClipOption(app, options.clips);
  app.add_option("--controls", job.controls,
                 "Write control outputs as CSV: time_seconds and a column for each. A folder, as "
                 "for -o: a file for each input")
      ->type_name("FILE");
  app.add_option("--controls_rate", job.controls_rate,
                 "Rows a second of that file, what is between them left out. Default: a row for "
                 "each frame")
      ->check(CLI::PositiveNumber)
      ->option_text("HZ");
  app.add_flag("--exclude_tail", job.exclude_tail,
               "Outputs end with the inputs: cut what echoes and reverberation leave");
  app.add_option("--chunk_frames", job.chunk_frames,
                 "Frames sent at a time; changes the speed, never the result")
      ->check(CLI::Range(1, std::numeric_limits<int>::max()))
      ->option_text("N");
  app.add_option_function<int>(
         "--sample_rate",
         [&options](int rate) {
           options.job.sample_rate_hz = rate;
           options.has_sample_rate = true;
         },
         "Without inputs: in Hz. Default: 48000")
      ->type_name("HZ");
  auto* const frames =
      app.add_option("--frames", job.num_frames, "Without inputs: how much to generate")
          ->check(CLI::NonNegativeNumber)
          ->option_text("N");
  app.add_option("--seconds", options.seconds, "Without inputs: the same in seconds")
      ->check(CLI::NonNegativeNumber)
      ->option_text("S")
      ->excludes(frames);
}

}  // namespace

Action AddProcess(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("IN... EXPR", options->arguments)->group("");
  AddExpressionFileOption(app, options->job.expression_file);
  AddFormatOptions(app, *options);
  AddRunOptions(app, *options);
  app.add_option("-j,--jobs", options->num_threads,
                 "With a folder: how many files to process at a time. Default: one per processor")
      ->check(CLI::Range(1, 1024))
      ->option_text("N");
  app.add_flag("-q,--quiet", options->quiet, "Print nothing but warnings and errors");
  app.add_flag("--json", options->json, "Print what was done as JSON");
  AddServerOptions(app, options->server);
  app.footer(
      "The input files become in[0], in[1] ... of the expression, which comes last, in quotes,\n"
      "or in a file. NAME=FILE gives an input a name there. Inputs of different lengths are\n"
      "filled up with silence. A processor for one clip that is given several runs on each: two\n"
      "inputs through a chain make two outputs.\n\n"
      "The file - is standard input or output; without --format, WAV comes out. It is kept in a\n"
      "temporary file until it is whole. /dev/stdin and /dev/stdout are streamed, in formats that\n"
      "allow it: wav and au in, au and raw out.\n\n"
      "With -o FOLDER/, each input is in[0] of a run of its own. What fails is told, the others\n"
      "are done; the exit code is 1 then.\n\n"
      "Examples:\n"
      "  patchbay process in.wav -o out.flac 'highpass(80Hz) | reverb(room_size=0.6)'\n"
      "  patchbay process voice.wav music.wav -o mix.wav 'mix(weights=[1, 0.3])'\n"
      "  patchbay process dry.wav -o wet.wav --clip hall=ir.wav 'convolution(impulse=@hall)'\n"
      "  patchbay process -o tone.wav --seconds 2 'oscillator(440Hz) | gain(-12dB)'\n"
      "  patchbay process in.wav --controls level.csv 'envelope_follower'\n"
      "  patchbay process drums.wav -o piece.wav 'chop(mode=onsets)'\n"
      "  ffmpeg -i film.mkv -f wav - | patchbay process - -o voice.flac 'highpass(80Hz)'\n"
      "  patchbay process set/*.wav -o louder/ --format flac 'normalize(-16, measure=lufs)'\n"
      "  patchbay process set/*.wav --controls pitch/ --controls_rate 100 'pitch'\n"
      "  patchbay process wet=a.wav dry=b.wav -o difference.wav 'wet - dry'\n"
      "  patchbay process music.wav speech.wav -o out.wav -f ducking.patchbay");
  return [options] { return Process(*options); };
}

}  // namespace patchbay
