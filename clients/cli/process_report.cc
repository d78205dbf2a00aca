#include "clients/cli/process_report.h"

#include <span>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/proto_json.h"
#include "clients/cli/words.h"
#include "processors/core/decibels.h"

namespace patchbay {
namespace {

using nlohmann::ordered_json;

// Of files in words: a chopper may make thousands.
constexpr size_t kMostListed = 20;

double TimesRealTime(const FileJobResult& result) {
  return result.wall_seconds > 0 ? result.seconds / result.wall_seconds : 0;
}

// null for silence: JSON has no infinity.
ordered_json Decibels(double ratio) {
  if (ratio > 0) return RatioToDecibels(ratio);
  return nullptr;
}

void AppendLevels(const Levels& levels, ordered_json& json) {
  json["peak_db"] = Decibels(levels.peak());
  json["rms_db"] = Decibels(levels.rms());
}

ordered_json ToJson(const JobOutputs::File& file) {
  const SoundWriter::Options& format = file.format;
  ordered_json json = {
      {"path", file.path},
      {"format", ContainerName(format.format)},
      {"subtype", SubtypeName(format.format)},
      {"sample_rate_hz", format.sample_rate_hz},
      {"num_channels", format.num_channels},
      {"num_frames", file.num_frames},
      {"seconds", static_cast<double>(file.num_frames) / format.sample_rate_hz},
      {"num_clipped_samples", file.num_clipped},
  };
  AppendLevels(file.levels, json);
  return json;
}

ordered_json ToJson(const ControlSummary& control) {
  return {{"name", control.name},
          {"num_values", control.num_values},
          {"minimum", control.minimum},
          {"mean", control.mean()},
          {"maximum", control.maximum}};
}

}  // namespace

std::string FilesInWords(const FileJobResult& result, const std::string& input) {
  std::string words;
  const size_t num_files = result.outputs.size();
  const size_t num_listed = num_files > kMostListed ? kMostListed : num_files;
  for (const JobOutputs::File& file : std::span(result.outputs).first(num_listed)) {
    const SoundWriter::Options& format = file.format;
    absl::StrAppend(&words, file.path, ": ", ContainerName(format.format), " ",
                    SubtypeName(format.format), ", ", format.sample_rate_hz, " Hz, ",
                    InNumbers(format.num_channels, "channel"), ", ",
                    InSeconds(static_cast<double>(file.num_frames) / format.sample_rate_hz), ", ",
                    file.levels.InWords(), "\n");
  }
  if (num_listed < num_files) {
    absl::StrAppend(&words, "... and ", num_files - num_listed, " more, the last ",
                    result.outputs.back().path, "\n");
  }
  for (const ControlSummary& control : result.controls) {
    absl::StrAppend(&words, input, input.empty() ? "" : ": ", control.name, ": ",
                    InNumbers(control.num_values, "value"), " from ", ShortNumber(control.minimum),
                    " to ", ShortNumber(control.maximum), ", mean ", ShortNumber(control.mean()),
                    "\n");
  }
  return words;
}

std::string InWords(const FileJobResult& result) {
  std::string words = FilesInWords(result, "");
  const size_t num_files = result.outputs.size();
  if (num_files > 1) absl::StrAppend(&words, InNumbers(num_files, "file"), ", ");
  absl::StrAppendFormat(&words, "%s of audio in %s: %.0f times real time\n",
                        InSeconds(result.seconds), InSeconds(result.wall_seconds),
                        TimesRealTime(result));
  return words;
}

ordered_json ToJson(const FileJobResult& result) {
  ordered_json inputs = ordered_json::array();
  for (const FileJobResult::Input& input : result.inputs) {
    ordered_json& json =
        inputs.emplace_back(ordered_json{{"path", input.path}, {"num_frames", input.num_frames}});
    AppendLevels(input.levels, json);
  }
  ordered_json outputs = ordered_json::array();
  for (const JobOutputs::File& file : result.outputs) outputs.push_back(ToJson(file));
  ordered_json controls = ordered_json::array();
  for (const ControlSummary& control : result.controls) controls.push_back(ToJson(control));
  return {{"inputs", inputs},
          {"outputs", outputs},
          {"controls", controls},
          {"audio_seconds", result.seconds},
          {"wall_seconds", result.wall_seconds},
          {"times_real_time", TimesRealTime(result)},
          {"warnings", Warnings(result)},
          {"report", ToJson(result.report)}};
}

std::vector<std::string> Warnings(const FileJobResult& result) {
  std::vector<std::string> warnings = result.warnings;
  for (const FileJobResult::Input& input : result.inputs) {
    if (!input.warning.empty()) warnings.push_back(absl::StrCat(input.path, ": ", input.warning));
  }
  for (const JobOutputs::File& file : result.outputs) {
    if (file.num_clipped == 0) continue;
    warnings.push_back(absl::StrCat(file.path, ": ", InNumbers(file.num_clipped, "sample"),
                                    " clipped, peak ", InDecibels(file.levels.peak()),
                                    ": lower the gain, or write --subtype float"));
  }
  return warnings;
}

}  // namespace patchbay
