// patchbay info: what audio files hold.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/levels.h"
#include "clients/cli/words.h"
#include "clients/files/sound_reader.h"
#include "nlohmann/json.hpp"
#include "processors/core/clip.h"
#include "processors/core/decibels.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::vector<std::string> files;
  bool levels = false;
  bool json = false;
};

struct FileInfo {
  std::unique_ptr<SoundReader> reader;
  std::optional<int64_t> num_frames;
  std::optional<Levels> levels;
};

absl::StatusOr<FileInfo> Look(const std::string& path, bool with_levels) {
  constexpr int kPieceFrames = 4096;
  FileInfo info;
  PATCHBAY_ASSIGN_OR_RETURN(info.reader, SoundReader::Open(path));
  info.num_frames = info.reader->num_frames();
  // A header that does not tell the length makes it necessary to count.
  if (!with_levels && info.num_frames.has_value()) return info;
  Clip piece(info.reader->sample_rate_hz(), info.reader->num_channels(), kPieceFrames);
  Levels levels;
  int64_t num_frames = 0;
  for (int count = kPieceFrames; count == kPieceFrames; num_frames += count) {
    PATCHBAY_ASSIGN_OR_RETURN(count, info.reader->Read(piece.Frames(0, kPieceFrames)));
    levels.Add(piece.Frames(0, count));
  }
  info.num_frames = num_frames;
  if (with_levels) info.levels = levels;
  return info;
}

std::string InWords(const FileInfo& info) {
  const SoundReader& reader = *info.reader;
  const double seconds = static_cast<double>(*info.num_frames) / reader.sample_rate_hz();
  return absl::StrCat(reader.path(), ": ", ContainerName(reader.format()), " ",
                      SubtypeName(reader.format()), ", ", reader.sample_rate_hz(), " Hz, ",
                      InNumbers(reader.num_channels(), "channel"), ", ", InSeconds(seconds), " (",
                      InNumbers(*info.num_frames, "frame"), ")",
                      info.levels.has_value() ? ", " + info.levels->InWords() : "");
}

ordered_json ToJson(const FileInfo& info) {
  const SoundReader& reader = *info.reader;
  ordered_json json = {
      {"path", reader.path()},
      {"format", ContainerName(reader.format())},
      {"subtype", SubtypeName(reader.format())},
      {"sample_rate_hz", reader.sample_rate_hz()},
      {"num_channels", reader.num_channels()},
      {"num_frames", *info.num_frames},
      {"seconds", static_cast<double>(*info.num_frames) / reader.sample_rate_hz()},
  };
  if (info.levels.has_value() && info.levels->peak() > 0) {
    json["peak_db"] = RatioToDecibels(info.levels->peak());
    json["rms_db"] = RatioToDecibels(info.levels->rms());
  }
  return json;
}

absl::Status Info(const Options& options) {
  absl::Status failure;
  ordered_json list = ordered_json::array();
  for (const std::string& path : options.files) {
    const absl::StatusOr<FileInfo> info = Look(path, options.levels);
    if (!info.ok()) {
      // The others are looked at all the same.
      if (!failure.ok()) {
        std::fprintf(stderr, "patchbay: %s\n", std::string(failure.message()).c_str());
      }
      failure = info.status();
      continue;
    }
    const std::string& warning = info->reader->warning();
    if (!warning.empty()) {
      std::fprintf(stderr, "patchbay: warning: %s: %s\n", path.c_str(), warning.c_str());
    }
    if (options.json) {
      list.push_back(ToJson(*info));
    } else {
      std::puts(InWords(*info).c_str());
    }
  }
  if (options.json) std::puts(list.dump(2).c_str());
  return failure;
}

}  // namespace

Action AddInfo(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("FILE", options->files, "Audio files")->required()->option_text(" ");
  app.add_flag("--levels", options->levels, "Read all of it, and say how loud it is");
  app.add_flag("--json", options->json, "Print it as JSON");
  app.footer(
      "Examples:\n"
      "  patchbay info in.wav\n"
      "  patchbay info --levels --json *.flac");
  return [options] { return Info(*options); };
}

}  // namespace patchbay
