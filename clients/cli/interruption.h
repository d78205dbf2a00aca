#ifndef CLIENTS_CLI_INTERRUPTION_H_
#define CLIENTS_CLI_INTERRUPTION_H_

#include <csignal>

namespace patchbay {

// SIGINT, SIGTERM and SIGHUP, without those that this program's parent wants ignored.
sigset_t EndingSignals();

// Blocks them: call it before any thread starts, since threads inherit the mask.
void BlockEndingSignals();

// From now on they remove partial files and end the program.
void CleanUpOnEndingSignals();

}  // namespace patchbay

#endif  // CLIENTS_CLI_INTERRUPTION_H_
