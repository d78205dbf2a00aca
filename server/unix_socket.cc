#include "server/unix_socket.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(what, " ", path, ": ", strerror(errno)));
}

absl::Status PrepareDirectory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Failed("cannot create the socket's directory", directory);
  }
  struct stat info;
  if (stat(directory.c_str(), &info) != 0) return Failed("cannot look at", directory);
  if (info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("others may enter ", directory,
                     ": a socket's directory must be yours and of mode 0700; choose another path, "
                     "or run: chmod 0700 ",
                     directory));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnixSocket>> UnixSocket::Claim(const std::string& path) {
  if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("the socket's path has ", path.size(),
                                                   " characters: it takes 1 to ",
                                                   sizeof(sockaddr_un::sun_path) - 1));
  }
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash);
  if (absl::Status status = PrepareDirectory(directory); !status.ok()) return status;
  const std::string lock_path = path + ".lock";
  const int lock = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0) return Failed("cannot open the lock file", lock_path);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return absl::FailedPreconditionError(absl::StrCat("another server is listening on unix:", path,
                                                      ": use that one, or choose another path"));
  }
  unlink(path.c_str());  // What a killed server left; nobody else holds the lock.
  return std::unique_ptr<UnixSocket>(new UnixSocket(path, lock));
}

UnixSocket::~UnixSocket() {
  unlink(path_.c_str());
  close(lock_);
}

std::string DefaultSocketPath() {
  const char* const run_dir = std::getenv("XDG_RUNTIME_DIR");
  const std::string directory = run_dir != nullptr && *run_dir != '\0'
                                    ? absl::StrCat(run_dir, "/patchbay")
                                    : absl::StrCat("/tmp/patchbay-", geteuid());
  return directory + "/socket";
}

}  // namespace patchbay
