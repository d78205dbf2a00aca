#ifndef CLIENTS_FILES_PARTIAL_FILE_H_
#define CLIENTS_FILES_PARTIAL_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace patchbay {

// A file that is written beside its place, as PATH.partial-XXXXXX, and takes it when it is
// complete: whatever happens before, PATH stays as it was and nothing is left behind. Devices such
// as /dev/null are written to directly. "-" is standard output, which gets all of it in the end.
class PartialFile {
 public:
  static constexpr char kStandardOutput[] = "-";

  // Errors start with the path.
  static absl::StatusOr<std::unique_ptr<PartialFile>> Create(const std::string& path);

  // Removes the file unless it has taken its place.
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  // As it was asked for.
  const std::string& path() const { return path_; }

  // The descriptor to write to, which the caller closes.
  int TakeDescriptor();

  // Call it when the descriptor is closed.
  absl::Status Commit();

 private:
  PartialFile(std::string path, std::string target, std::string partial, int descriptor);
  static absl::StatusOr<std::unique_ptr<PartialFile>> CreateForStandardOutput(
      const std::string& path);

  const std::string path_;
  const std::string target_;  // without symbolic links
  const std::string partial_;
  int descriptor_;
  int kept_ = -1;  // what standard output will get
};

// Removes every partial file of this process; none takes its place any more. For a program that
// must end now.
void AbandonPartialFiles();

}  // namespace patchbay

#endif  // CLIENTS_FILES_PARTIAL_FILE_H_
