// patchbay describe: all that a processor's table says.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/command.h"
#include "clients/cli/connection.h"
#include "clients/cli/proto_json.h"
#include "clients/cli/words.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

struct Options {
  std::string name;
  bool json = false;
  ServerOptions server;
};

std::string UnitName(v1::Unit unit) {
  switch (unit) {
    case v1::UNIT_HERTZ:
      return " Hz";
    case v1::UNIT_DECIBELS:
      return " dB";
    case v1::UNIT_SECONDS:
      return " s";
    case v1::UNIT_CYCLES:
      return " cycles";
    case v1::UNIT_SEMITONES:
      return " semitones";
    case v1::UNIT_BEATS_PER_MINUTE:
      return " bpm";
    default:
      return "";
  }
}

std::string InWords(const v1::ParameterSpec::Value& value) {
  switch (value.kind_case()) {
    case v1::ParameterSpec::Value::kNumber:
      return ShortNumber(value.number());
    case v1::ParameterSpec::Value::kBoolean:
      return value.boolean() ? "true" : "false";
    default:
      return value.choice();
  }
}

std::string Values(const v1::ParameterSpec& parameter) {
  const std::string range =
      absl::StrCat(ShortNumber(parameter.minimum()), " to ", ShortNumber(parameter.maximum()),
                   UnitName(parameter.unit()));
  switch (parameter.type()) {
    case v1::PARAMETER_TYPE_INTEGER:
      return absl::StrCat("integer from ", range);
    case v1::PARAMETER_TYPE_BOOLEAN:
      return "true or false";
    case v1::PARAMETER_TYPE_CHOICE:
      return absl::StrJoin(parameter.choices(), " | ");
    case v1::PARAMETER_TYPE_NUMBER_LIST:
      return absl::StrCat("list of numbers from ", range);
    case v1::PARAMETER_TYPE_CLIP:
      return "a clip";
    default:
      return range;
  }
}

// How the parameter can move while a session runs.
std::string Movement(const v1::ParameterSpec& parameter) {
  std::string words;
  switch (parameter.rate()) {
    case v1::RATE_AUDIO:
      words = "moves at any frame";
      break;
    case v1::RATE_BLOCK:
      words = "moves every 32 frames";
      break;
    default:
      return "fixed";
  }
  if (parameter.smoothing_seconds() > 0) {
    absl::StrAppend(&words, ", jumps ramp over ", InSeconds(parameter.smoothing_seconds()));
  }
  return words;
}

std::string InWords(const v1::ParameterSpec& parameter) {
  std::string words = absl::StrCat("  ", parameter.name(), "\n      ", Values(parameter));
  if (parameter.required()) {
    absl::StrAppend(&words, "; must be given");
  } else if (parameter.has_default_value()) {
    absl::StrAppend(&words, "; default ", InWords(parameter.default_value()));
  } else {
    absl::StrAppend(&words, "; may be left out");
  }
  absl::StrAppend(&words, "; ", Movement(parameter), "\n", Wrapped(parameter.doc(), 6));
  return words;
}

std::string InWords(const v1::Port& port) {
  std::string words = absl::StrCat("  ", port.name(), ": ");
  if (port.min_channels() == port.max_channels()) {
    absl::StrAppend(&words, InNumbers(port.min_channels(), "channel"));
  } else {
    absl::StrAppend(&words, port.min_channels(), " to ", port.max_channels(), " channels");
  }
  if (port.repeated()) absl::StrAppend(&words, "; one or more");
  if (port.optional()) absl::StrAppend(&words, "; optional");
  return absl::StrCat(words, "\n", port.doc().empty() ? "" : Wrapped(port.doc(), 6));
}

std::string InWords(const v1::ProcessorSpec& spec) {
  std::string words = absl::StrCat(spec.name(), " (", spec.category(), ", version ", spec.version(),
                                   "): ", spec.summary(), "\n\n", Wrapped(spec.doc(), 0),
                                   "\nExample:\n  ", spec.example(), "\n");
  const auto append = [&words](const char* title, const auto& items) {
    if (!items.empty()) absl::StrAppend(&words, "\n", title, ":\n");
    for (const auto& item : items) absl::StrAppend(&words, InWords(item));
  };
  append("Parameters", spec.parameters());
  append("Inputs", spec.inputs());
  append("Outputs", spec.outputs());
  if (!spec.control_outputs().empty()) absl::StrAppend(&words, "\nControl outputs:\n");
  for (const v1::ControlOutputSpec& output : spec.control_outputs()) {
    absl::StrAppend(&words, "  ", output.name(), "\n", Wrapped(output.doc(), 6));
  }
  return words;
}

absl::Status Describe(const Options& options) {
  PATCHBAY_ASSIGN_OR_RETURN(Connection connection, Connection::Open(options.server));
  PATCHBAY_ASSIGN_OR_RETURN(const v1::ProcessorSpec spec,
                            connection.client().GetProcessor(options.name));
  std::fputs(
      options.json ? absl::StrCat(ToJson(spec).dump(2), "\n").c_str() : InWords(spec).c_str(),
      stdout);
  return absl::OkStatus();
}

}  // namespace

Action AddDescribe(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("NAME", options->name, "A processor, as `patchbay list` prints it")
      ->required()
      ->option_text(" ");
  app.add_flag("--json", options->json, "Print it as JSON");
  AddServerOptions(app, options->server);
  app.footer(
      "Examples:\n"
      "  patchbay describe compressor\n"
      "  patchbay describe reverb --json");
  return [options] { return Describe(*options); };
}

}  // namespace patchbay
