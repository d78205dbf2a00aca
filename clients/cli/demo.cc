// patchbay demo: what the program does, on real recordings.

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/connection.h"
#include "clients/cli/file_job.h"
#include "clients/cli/process_report.h"
#include "clients/cli/progress.h"
#include "clients/cli/words.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

constexpr char kSpeech[] = "/usr/share/sounds/alsa/Front_Center.wav";   // package alsa-utils
constexpr char kAmen[] = "/usr/share/sonic-pi/samples/loop_amen.flac";  // sonic-pi-samples
constexpr char kGuitar[] = "/usr/share/sonic-pi/samples/guit_em9.flac";
constexpr char kBell[] = "/usr/share/sonic-pi/samples/perc_bell.flac";
constexpr char kMusic[] = "/usr/share/sonic-pi/samples/loop_garzul.flac";
constexpr char kDrums[] = "/usr/share/sonic-pi/samples/loop_mika.flac";

struct Piece {
  const char* output;
  const char* words;
  std::vector<const char*> inputs;
  const char* expression;
  std::map<std::string, std::string> clips = {};
};

const std::vector<Piece>& Pieces() {
  static const auto& pieces = *new std::vector<Piece>{
      {"announcement.wav",
       "A voice without rumble, levelled, brighter, in a hall",
       {kSpeech},
       "highpass(80Hz) | compressor(threshold=-24dB, ratio=3, makeup=6dB) | "
       "high_shelf(6kHz, gain=4dB) | reverb(room_size=0.6, wet=-12dB)"},
      {"drums.wav",
       "Drums pressed hard, with an echo that goes on after their end",
       {kAmen},
       "compressor(threshold=-30dB, ratio=6, attack=2ms, release=80ms, makeup=6dB) | "
       "delay(0.219s, feedback=0.45, mix=0.3) | gain(-3dB)"},
      {"guitar_in_a_bell.wav",
       "A guitar that sounds inside a bell: each of its notes rings the bell's recording",
       {kGuitar},
       "convolution(impulse=@bell, mix=0.5) | highpass(100Hz, order=2)",
       {{"bell", kBell}}},
      {"ducking.wav",
       "A bass line that makes way whenever the drums, which are not heard, play",
       {kMusic, kDrums},
       "in[0] | compressor(threshold=-36dB, ratio=8, attack=5ms, release=200ms, sidechain=in[1])"},
  };
  return pieces;
}

struct Options {
  std::string folder = "patchbay-demo";
  ServerOptions server;
};

absl::Status CheckRecordings() {
  for (const Piece& piece : Pieces()) {
    std::vector<std::string> files(piece.inputs.begin(), piece.inputs.end());
    for (const auto& [name, path] : piece.clips) files.push_back(path);
    for (const std::string& path : files) {
      if (std::filesystem::exists(path)) continue;
      return absl::NotFoundError(absl::StrCat(
          path,
          " is not there: the demo uses recordings from two Debian packages. Install them "
          "with: apt-get install alsa-utils sonic-pi-samples"));
    }
  }
  return absl::OkStatus();
}

absl::Status Play(const Piece& piece, const std::string& folder, Client& client) {
  FileJob job = {.inputs = {piece.inputs.begin(), piece.inputs.end()},
                 .expression = piece.expression,
                 .clips = piece.clips};
  job.outputs.path = absl::StrCat(folder, "/", piece.output);
  ProgressBar progress(/*is_wanted=*/false);
  PATCHBAY_ASSIGN_OR_RETURN(const FileJobResult result, RunFileJob(client, job, progress));
  std::printf("\n%s\n  patchbay process", piece.words);
  for (const std::string& input : job.inputs) std::printf(" %s", input.c_str());
  std::printf(" -o %s", job.outputs.path.c_str());
  for (const auto& [name, path] : piece.clips) {
    std::printf(" --clip %s=%s", name.c_str(), path.c_str());
  }
  std::printf(" \\\n    '%s'\n", piece.expression);
  std::printf("  before: %s\n", result.inputs[0].levels.InWords().c_str());
  std::printf("  after:  %s\n", result.outputs[0].levels.InWords().c_str());
  const double seconds = static_cast<double>(result.num_frames) / result.sample_rate_hz;
  std::printf("  %s of audio in %s\n", InSeconds(seconds).c_str(),
              InSeconds(result.wall_seconds).c_str());
  for (const std::string& warning : Warnings(result)) {
    std::printf("  warning: %s\n", warning.c_str());
  }
  return absl::OkStatus();
}

absl::Status Demo(const Options& options) {
  PATCHBAY_RETURN_IF_ERROR(CheckRecordings());
  if (mkdir(options.folder.c_str(), 0777) != 0 && errno != EEXIST) {
    return absl::FailedPreconditionError(absl::StrCat(options.folder, ": ", strerror(errno)));
  }
  PATCHBAY_ASSIGN_OR_RETURN(Connection connection, Connection::Open(options.server));
  std::printf("Real recordings through Patchbay, into %s/:\n", options.folder.c_str());
  for (const Piece& piece : Pieces()) {
    PATCHBAY_RETURN_IF_ERROR(Play(piece, options.folder, connection.client()));
  }
  std::printf(
      "\nListen with: aplay %s/announcement.wav\n"
      "Then try: change a number in one of the commands above; `patchbay list` for everything\n"
      "there is; `patchbay describe reverb` for what it can do; `patchbay serve` for a server.\n",
      options.folder.c_str());
  return absl::OkStatus();
}

}  // namespace

Action AddDemo(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("-o,--output", options->folder, "Where the files go. Default: ./patchbay-demo")
      ->type_name("FOLDER");
  AddServerOptions(app, options->server);
  app.footer("Example:\n  patchbay demo --output /tmp/demo");
  return [options] { return Demo(*options); };
}

}  // namespace patchbay
