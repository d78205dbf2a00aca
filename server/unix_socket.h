#ifndef SERVER_UNIX_SOCKET_H_
#define SERVER_UNIX_SOCKET_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace patchbay {

// The right to listen on a unix socket path. gRPC would silently take a live socket away from
// another server and leaves it open to everybody: so the socket lives in a directory of mode 0700
// and beside a lock file, held for as long as this object.
class UnixSocket {
 public:
  // Creates the directory if it is missing. FAILED_PRECONDITION if another server has the path, or
  // if others may enter the directory; INVALID_ARGUMENT if the path is too long for a socket.
  static absl::StatusOr<std::unique_ptr<UnixSocket>> Claim(const std::string& path);

  // Removes the socket. The lock file stays: removing it would let two servers lock two files.
  ~UnixSocket();

  const std::string& path() const { return path_; }

 private:
  UnixSocket(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  const std::string path_;
  const int lock_;
};

// Where a server listens unless told otherwise: in $XDG_RUNTIME_DIR, or in /tmp under the user's
// name.
std::string DefaultSocketPath();

}  // namespace patchbay

#endif  // SERVER_UNIX_SOCKET_H_
