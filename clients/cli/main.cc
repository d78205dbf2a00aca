// The program `patchbay`. Exit codes: 0 done, 1 it failed, 2 the command line is wrong.

#include <csignal>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "server/version.h"

namespace patchbay {
namespace {

struct Subcommand {
  const char* name;
  const char* summary;
  Action (*add)(CLI::App& app);
};

constexpr Subcommand kSubcommands[] = {
    {"serve", "Run a server until it is told to stop", &AddServe},
};

// Before any thread starts: every thread inherits the mask, and one place waits for them.
void BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // Failed writes are told by their error.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int ExitCode(const absl::Status& status, const std::string& subcommand) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "patchbay: %s\n", std::string(status.message()).c_str());
  if (!IsUsageError(status)) return 1;
  std::fprintf(stderr, "Try: patchbay %s --help\n", subcommand.c_str());
  return 2;
}

// CLI11 reports what is wrong with the command line, and --help, by exceptions.
int Report(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  const auto subcommands = app.get_subcommands();
  const std::string name = subcommands.empty() ? "" : subcommands[0]->get_name();
  return ExitCode(UsageError(error.what()), name);
}

int Main(int argc, char** argv) {
  BlockSignals();
  CLI::App app("The universal plug for audio.", "patchbay");
  app.set_version_flag("--version", absl::StrCat("patchbay ", kVersion));
  app.set_help_flag("-h,--help", "Print this help");
  app.footer("`patchbay SUBCOMMAND --help` has examples.");
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const Subcommand& subcommand : kSubcommands) {
    CLI::App* const child = app.add_subcommand(subcommand.name, subcommand.summary);
    actions.emplace_back(child, subcommand.add(*child));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Report(app, error);
  }
  for (const auto& [child, action] : actions) {
    if (child->parsed()) return ExitCode(action(), child->get_name());
  }
  return 0;
}

}  // namespace
}  // namespace patchbay

int main(int argc, char** argv) { return patchbay::Main(argc, argv); }
