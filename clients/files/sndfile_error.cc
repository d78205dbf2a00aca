#include "clients/files/sndfile_error.h"

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace patchbay {

std::string SndfileError(SNDFILE* file) {
  absl::string_view message = sf_strerror(file);
  absl::ConsumePrefix(&message, "System error : ");
  absl::ConsumePrefix(&message, "Error : ");
  absl::ConsumeSuffix(&message, ".");
  return std::string(message);
}

}  // namespace patchbay
