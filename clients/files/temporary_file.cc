#include "clients/files/temporary_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

constexpr size_t kPieceBytes = 1 << 18;

absl::Status Failed(absl::string_view what, int error) {
  return absl::DataLossError(absl::StrCat(what, ": ", strerror(error)));
}

}  // namespace

absl::StatusOr<int> OpenTemporaryFile() {
  std::error_code error;
  std::string path = std::filesystem::temp_directory_path(error).string() + "/patchbay-XXXXXX";
  const int descriptor = mkostemp(path.data(), 0);
  if (descriptor < 0) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": ", strerror(errno)));
  }
  unlink(path.c_str());
  return descriptor;
}

absl::Status CopyDescriptor(int from, int to) {
  std::vector<char> piece(kPieceBytes);
  while (true) {
    const ssize_t size = read(from, piece.data(), piece.size());
    if (size == 0) return absl::OkStatus();
    if (size < 0 && errno != EINTR) return Failed("cannot be read", errno);
    for (ssize_t done = 0; done < size;) {
      const ssize_t written = write(to, piece.data() + done, size - done);
      if (written < 0 && errno != EINTR) return Failed("cannot be written", errno);
      if (written > 0) done += written;
    }
  }
}

}  // namespace patchbay
