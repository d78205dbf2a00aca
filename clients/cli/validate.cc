// patchbay validate: what an expression would do, or what is wrong with it.

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/clip_option.h"
#include "clients/cli/command.h"
#include "clients/cli/connection.h"
#include "clients/cli/expression_option.h"
#include "clients/cli/proto_json.h"
#include "clients/cli/usage_error.h"
#include "clients/cli/words.h"
#include "clients/files/sound_reader.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

struct Options {
  std::string expression;
  std::string file;
  std::vector<std::string> input_names;
  std::vector<std::string> clips;
  std::optional<int> inputs;
  int channels = 2;
  int sample_rate_hz = 48000;
  bool exclude_tail = false;
  bool json = false;
  ServerOptions server;
};

absl::StatusOr<v1::ValidateDescriptionResponse> Ask(Client& client, const Options& options,
                                                    const std::map<std::string, Clip>& clips,
                                                    int num_inputs) {
  SessionOptions session = {.sample_rate_hz = options.sample_rate_hz,
                            .input_channels = std::vector<int>(num_inputs, options.channels),
                            .input_names = options.input_names,
                            .exclude_tail = options.exclude_tail};
  for (const auto& [name, clip] : clips) session.clips[name] = &clip;
  return client.Validate(ToConfig(Text(options.expression), session));
}

std::string InFrames(int64_t frames, int sample_rate_hz) {
  return absl::StrCat(InNumbers(frames, "frame"), " (",
                      InSeconds(static_cast<double>(frames) / sample_rate_hz), ")");
}

std::string InWords(const v1::ValidateDescriptionResponse& response, int sample_rate_hz) {
  const v1::StreamInfo& info = response.info();
  std::string words = absl::StrCat(response.text(), "\n\n");
  const auto append_formats = [&words](const char* what, const auto& formats) {
    for (int i = 0; i < formats.size(); ++i) {
      absl::StrAppend(&words, what, " ", i, ": ", InNumbers(formats[i].num_channels(), "channel"),
                      ", ", formats[i].sample_rate_hz(), " Hz\n");
    }
  };
  for (const v1::Node& node : info.nodes()) {
    absl::StrAppend(&words, "node ", node.name());
    if (node.name() != node.processor()) absl::StrAppend(&words, ": ", node.processor());
    // Whole clips and changes of length are worked on without a State, or later.
    if (node.num_states() > 0) absl::StrAppend(&words, ", ", InBytes(node.state_bytes()));
    if (node.num_states() > 1) absl::StrAppend(&words, ", for ", node.num_states(), " clips");
    if (node.latency_frames() > 0) {
      absl::StrAppend(&words, ", latency ", InFrames(node.latency_frames(), sample_rate_hz));
    }
    words += '\n';
  }
  append_formats("input", info.inputs());
  append_formats("output", info.outputs());
  if (info.outputs_pending()) words += "outputs: known once the input has ended\n";
  for (const v1::ControlOutput& output : info.control_outputs()) {
    absl::StrAppend(&words, "control output: ", output.name(), "\n");
  }
  absl::StrAppend(&words, "latency: ", InFrames(info.latency_frames(), sample_rate_hz), "\n");
  absl::StrAppend(&words, "tail: ", InFrames(info.tail_frames(), sample_rate_hz), "\n");
  if (info.has_length_frames()) {
    absl::StrAppend(&words, "length: ", InFrames(info.length_frames(), sample_rate_hz), "\n");
  }
  absl::StrAppend(&words, "memory: ", InBytes(info.state_bytes()), " a session, ",
                  InBytes(info.shared_bytes()), " shared\n");
  for (const v1::LiveControl& control : info.controls()) {
    absl::StrAppend(&words, "can move: ", control.node(), ".", control.parameter(), " = ",
                    ShortNumber(control.value()), "\n");
  }
  return words;
}

absl::Status Validate(Options options) {
  if (options.file.empty() == options.expression.empty()) {
    return UsageError("give an expression, in quotes, or a file that has one: --file FILE");
  }
  if (!options.file.empty()) {
    PATCHBAY_ASSIGN_OR_RETURN(options.expression, ReadExpression(options.file));
  }
  if (!options.input_names.empty()) options.inputs = static_cast<int>(options.input_names.size());
  PATCHBAY_ASSIGN_OR_RETURN(const auto files, ParseClipOptions(options.clips));
  std::map<std::string, Clip> clips;
  for (const auto& [name, path] : files) {
    PATCHBAY_ASSIGN_OR_RETURN(clips[name], ReadClip(path));
  }
  PATCHBAY_ASSIGN_OR_RETURN(Connection connection, Connection::Open(options.server));
  auto response = Ask(connection.client(), options, clips, options.inputs.value_or(1));
  if (!options.inputs.has_value()) {
    // Generators have none; processors that bring inputs together take two.
    for (const int num_inputs : {0, 2}) {
      if (response.ok()) break;
      auto other = Ask(connection.client(), options, clips, num_inputs);
      if (other.ok()) response = std::move(other);
    }
  }
  if (!response.ok()) return InFile(options.file, response.status());
  for (const std::string& warning : response->info().warnings()) {
    std::fprintf(stderr, "patchbay: warning: %s\n", warning.c_str());
  }
  if (options.json) {
    std::puts(ToJson(*response).dump(2).c_str());
  } else {
    std::fputs(InWords(*response, options.sample_rate_hz).c_str(), stdout);
  }
  return absl::OkStatus();
}

}  // namespace

Action AddValidate(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("EXPR", options->expression, "An expression, in quotes")->option_text(" ");
  AddExpressionFileOption(app, options->file);
  auto* const inputs = app.add_option("--inputs", options->inputs,
                                      "How many inputs. Default: 1, or where that fails 0 or 2")
                           ->check(CLI::Range(0, 256))
                           ->option_text("N");
  app.add_option("--input_names", options->input_names, "Their names, with commas between them")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text("NAME,...")
      ->excludes(inputs);
  app.add_option("--channels", options->channels, "Of each input. Default: 2")->type_name("N");
  app.add_option("--sample_rate", options->sample_rate_hz, "In Hz. Default: 48000")
      ->type_name("HZ");
  AddClipOption(app, options->clips);
  app.add_flag("--exclude_tail", options->exclude_tail, "Outputs end with the inputs");
  app.add_flag("--json", options->json, "Print it as JSON");
  AddServerOptions(app, options->server);
  app.footer(
      "Examples:\n"
      "  patchbay validate 'highpass(80Hz) | reverb'\n"
      "  patchbay validate --channels 1 --sample_rate 16000 'compressor(-18dB)'\n"
      "  patchbay validate --inputs 2 'mix(weights=[1, 0.3])'\n"
      "  patchbay validate --input_names wet,dry 'wet - dry'\n"
      "  patchbay validate --inputs 2 -f ducking.patchbay");
  return [options] { return Validate(*options); };
}

}  // namespace patchbay
