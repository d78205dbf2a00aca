// The program `patchbay`. Exit codes: 0 done, 1 it failed, 2 the command line is wrong.

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/interruption.h"
#include "clients/cli/usage_error.h"
#include "clients/cli/words.h"
#include "processors/core/nearest_name.h"
#include "server/version.h"

namespace patchbay {
namespace {

struct Subcommand {
  const char* name;
  const char* usage;  // what follows the name
  const char* summary;
  Action (*add)(CLI::App& app);
  bool waits_for_signals = false;  // by itself
};

constexpr Subcommand kSubcommands[] = {
    {"process", "[[NAME=]IN...] -o OUT 'EXPR' [OPTIONS]", "Run audio files through an expression",
     &AddProcess},
    {"list", "[OPTIONS]", "List every processor", &AddList},
    {"describe", "NAME [OPTIONS]", "Tell all about a processor", &AddDescribe},
    {"validate", "'EXPR' [OPTIONS]", "Tell what an expression would do, or what is wrong with it",
     &AddValidate},
    {"info", "FILE... [OPTIONS]", "Tell what audio files hold", &AddInfo},
    {"serve", "[OPTIONS]", "Run a server until it is told to stop", &AddServe, true},
    {"demo", "[OPTIONS]", "Process real recordings, and say what was done", &AddDemo},
};

class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(const char* usage) : usage_(usage) { column_width(kColumn); }

  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    const std::string name =
        absl::StrCat("  ", make_option_name(option, is_positional), make_option_opts(option));
    std::string text = Wrapped(make_option_desc(option), kColumn);
    if (name.size() >= static_cast<size_t>(kColumn)) return absl::StrCat(name, "\n", text);
    return text.replace(0, name.size(), name);
  }

  std::string make_usage(const CLI::App* app, std::string name) const override {
    return absl::StrCat("Usage: ", name, " ", usage_, "\n");
  }

 private:
  static constexpr int kColumn = 32;

  const char* const usage_;
};

int ExitCode(const absl::Status& status, const std::string& subcommand) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "patchbay: %s\n", std::string(status.message()).c_str());
  if (!IsUsageError(status)) return 1;
  std::fprintf(stderr, "Try: patchbay %s--help\n",
               subcommand.empty() ? "" : absl::StrCat(subcommand, " ").c_str());
  return 2;
}

// As CLI11 wants them: from the last to the first, without the program. It would split an
// expression in brackets as a list, unless a blank comes first.
std::vector<std::string> Arguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    const absl::string_view argument = argv[i];
    const bool is_list = absl::StartsWith(argument, "[") && absl::EndsWith(argument, "]");
    arguments.push_back(absl::StrCat(is_list ? " " : "", argument));
  }
  return arguments;
}

// CLI11 reports what is wrong with the command line, and --help, by exceptions.
int Report(const CLI::App& app, const CLI::ParseError& error, const std::string& first_argument) {
  if (error.get_exit_code() == 0) return app.exit(error);
  const auto subcommands = app.get_subcommands();
  if (!subcommands.empty()) return ExitCode(UsageError(error.what()), subcommands[0]->get_name());
  if (first_argument.empty() || first_argument[0] == '-') {
    return ExitCode(UsageError("say what to do: process, list, describe, validate, info, serve or "
                               "demo"),
                    "");
  }
  std::vector<std::string> names;
  for (const Subcommand& subcommand : kSubcommands) names.push_back(subcommand.name);
  return ExitCode(UsageError(absl::StrCat("there is no '", first_argument, "'",
                                          DidYouMean(first_argument, names))),
                  "");
}

// What the program was asked to do, once the command line is understood.
int Run(const Subcommand& subcommand, const Action& action) {
  if (!subcommand.waits_for_signals) CleanUpOnEndingSignals();
  const int exit_code = ExitCode(action(), subcommand.name);
  errno = 0;
  if ((std::fflush(stdout) == 0 && std::ferror(stdout) == 0) || exit_code != 0) return exit_code;
  if (errno == EPIPE) {
    // Who was reading has had enough: the usual end, without a word.
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  std::perror("patchbay: standard output");
  return 1;
}

int Main(int argc, char** argv) {
  BlockEndingSignals();
  // Failed writes are told by their error.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // `bazel run` starts the program in a folder of its own.
  const char* const folder = std::getenv("BUILD_WORKING_DIRECTORY");
  if (folder != nullptr && chdir(folder) != 0) std::perror(folder);

  CLI::App app("The universal plug for audio.", "patchbay");
  app.set_version_flag("--version", absl::StrCat("patchbay ", kVersion), "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.formatter(std::make_shared<HelpFormatter>("SUBCOMMAND [OPTIONS]"));
  app.footer("`patchbay SUBCOMMAND --help` has examples.");
  app.require_subcommand(1);
  std::vector<std::pair<const CLI::App*, Action>> actions;
  for (const Subcommand& subcommand : kSubcommands) {
    CLI::App* const child = app.add_subcommand(subcommand.name, subcommand.summary);
    child->formatter(std::make_shared<HelpFormatter>(subcommand.usage));
    actions.emplace_back(child, subcommand.add(*child));
  }
  try {
    app.parse(Arguments(argc, argv));
  } catch (const CLI::ParseError& error) {
    return Report(app, error, argc > 1 ? argv[1] : "");
  }
  for (size_t i = 0; i < actions.size(); ++i) {
    if (actions[i].first->parsed()) return Run(kSubcommands[i], actions[i].second);
  }
  return 0;
}

}  // namespace
}  // namespace patchbay

int main(int argc, char** argv) { return patchbay::Main(argc, argv); }
