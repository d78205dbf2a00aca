#include "clients/cli/interruption.h"

#include <thread>

#include "clients/files/partial_file.h"

namespace patchbay {

sigset_t EndingSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&signals, signal);
    }
  }
  return signals;
}

void BlockEndingSignals() {
  const sigset_t signals = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void CleanUpOnEndingSignals() {
  std::thread([] {
    const sigset_t signals = EndingSignals();
    int signal;
    if (sigwait(&signals, &signal) != 0) return;
    AbandonPartialFiles();
    // The default action, so that the parent learns how the program ended.
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    std::raise(signal);
  }).detach();
}

}  // namespace patchbay
