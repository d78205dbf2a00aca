// patchbay serve: a server until it is told to stop.

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <thread>
#include <utility>

#include "clients/cli/command.h"
#include "clients/cli/interruption.h"
#include "clients/cli/logging.h"
#include "clients/cli/server_flags.h"
#include "processors/core/errors.h"
#include "server/server.h"
#include "spdlog/spdlog.h"

namespace patchbay {
namespace {

constexpr double kDefaultDrainSeconds = 10;
// How much longer than it should draining may take before something must be stuck.
constexpr double kWatchdogSeconds = 5;

// Each connection takes a descriptor.
void RaiseFileLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Whether a descriptor that poll() found ready is at its end of file.
bool IsAtEnd(const pollfd& entry) {
  if (entry.revents == 0) return false;
  char discarded[4096];
  return read(entry.fd, discarded, sizeof(discarded)) <= 0;
}

void WaitForTheEnd(int signals, bool with_stdin) {
  pollfd entries[] = {{signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  const nfds_t num_entries = with_stdin ? 2 : 1;
  for (;;) {
    if (poll(entries, num_entries, -1) < 0) continue;
    if (entries[0].revents != 0) {
      signalfd_siginfo info;
      if (read(signals, &info, sizeof(info)) == sizeof(info)) {
        spdlog::info("stopping signal={}", info.ssi_signo);
      }
      return;
    }
    if (with_stdin && IsAtEnd(entries[1])) {
      spdlog::info("stopping reason=stdin_closed");
      return;
    }
  }
}

// Lets the server finish its work; ends the process if that hangs, or on a second signal.
void Stop(std::unique_ptr<Server> server, int signals, double drain_seconds) {
  const int done = eventfd(0, EFD_CLOEXEC);
  std::thread drain([&] {
    server->Drain();
    server.reset();
    eventfd_write(done, 1);
  });
  pollfd entries[] = {{done, POLLIN, 0}, {signals, POLLIN, 0}};
  const int timeout_ms = static_cast<int>(1000 * (drain_seconds + kWatchdogSeconds));
  const int num_ready = poll(entries, 2, timeout_ms);
  if (num_ready <= 0 || entries[0].revents == 0) {
    spdlog::error("stopped at once reason={}", num_ready > 0 ? "second_signal" : "drain_hangs");
    _exit(1);
  }
  drain.join();
  close(done);
}

absl::Status Serve(const ServerFlags& flags, bool exit_with_stdin) {
  PATCHBAY_ASSIGN_OR_RETURN(internal::ServerConfig config, flags.Config());
  const char* const level = exit_with_stdin ? "warn" : "info";
  PATCHBAY_RETURN_IF_ERROR(StartLogging(config.has_log_level() ? config.log_level() : level));
  RaiseFileLimit();
  const sigset_t ending = EndingSignals();
  const int signals = signalfd(-1, &ending, SFD_CLOEXEC);
  PATCHBAY_ASSIGN_OR_RETURN(std::unique_ptr<Server> server, Server::Start(config));
  std::printf("listening on %s\n", server->address().c_str());
  std::fflush(stdout);
  WaitForTheEnd(signals, exit_with_stdin);
  const double drain_seconds =
      config.has_drain_seconds() ? config.drain_seconds() : kDefaultDrainSeconds;
  Stop(std::move(server), signals, drain_seconds);
  close(signals);
  return absl::OkStatus();
}

}  // namespace

Action AddServe(CLI::App& app) {
  const auto flags = std::make_shared<ServerFlags>(app);
  const auto exit_with_stdin = std::make_shared<bool>(false);
  app.add_flag("--exit_with_stdin", *exit_with_stdin,
               "Stop, as on SIGTERM, when standard input ends: with the program that started it");
  app.footer(
      "Prints 'listening on ADDRESS' when it is ready; logs go to standard error. SIGTERM lets\n"
      "streams finish; a second signal does not.\n\n"
      "Examples:\n"
      "  patchbay serve\n"
      "  patchbay serve --address 127.0.0.1:9000 --reflection\n"
      "  patchbay serve --config server.textproto --log_level debug");
  return [flags, exit_with_stdin] { return Serve(*flags, *exit_with_stdin); };
}

}  // namespace patchbay
