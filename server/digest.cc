#include "server/digest.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdlib>

#include "absl/strings/escaping.h"

namespace patchbay {

std::string Sha256(absl::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string RandomName(int num_bytes) {
  std::string bytes(num_bytes, '\0');
  // A machine without randomness cannot keep anything secret: not an error of the client's.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), num_bytes) != 1) std::abort();
  return absl::BytesToHexString(bytes);
}

}  // namespace patchbay
