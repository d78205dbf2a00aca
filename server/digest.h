#ifndef SERVER_DIGEST_H_
#define SERVER_DIGEST_H_

#include <string>

#include "absl/strings/string_view.h"

namespace patchbay {

// SHA-256, 32 bytes.
std::string Sha256(absl::string_view bytes);

// A name that cannot be guessed: `num_bytes` from the system's random generator, in hexadecimal.
std::string RandomName(int num_bytes);

}  // namespace patchbay

#endif  // SERVER_DIGEST_H_
