#ifndef CLIENTS_CLI_WORDS_H_
#define CLIENTS_CLI_WORDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace patchbay {

// Figures as people read them.

std::string InSeconds(double seconds);  // "12.5 ms", "3.41 s", "2 min 5.0 s", "1 h 2 min 5 s"
std::string InBytes(int64_t bytes);     // "12.3 KiB"
std::string InDecibels(double ratio);   // "-3.2 dB"; "silence" for 0
std::string InNumbers(int64_t count, absl::string_view noun);  // "1 channel", "2 channels"
std::string ShortNumber(double value);                         // "0.25", "20000"

// Paragraphs in lines of at most 80 characters, each after `indent` spaces and with a line's end.
std::string Wrapped(absl::string_view text, int indent);

}  // namespace patchbay

#endif  // CLIENTS_CLI_WORDS_H_
