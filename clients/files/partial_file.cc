#include "clients/files/partial_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/files/temporary_file.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// Of all that can be abandoned. Held while one is made, renamed or removed.
struct Registry {
  std::mutex mutex;
  std::set<std::string> partials;
  bool abandoned = false;
};

Registry& Partials() {
  static Registry& registry = *new Registry;  // outlives every thread
  return registry;
}

absl::Status Failed(const std::string& path, int error) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", strerror(error)));
}

std::string RandomSuffix() {
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::string suffix = ".partial-";
  for (int i = 0; i < 6; ++i) suffix += kLetters[random() % 36];
  return suffix;
}

// Where the file really is, if it is there.
std::string Resolve(const std::string& path) {
  std::error_code error;
  const std::filesystem::path resolved = std::filesystem::canonical(path, error);
  return error ? path : resolved.string();
}

}  // namespace

PartialFile::PartialFile(std::string path, std::string target, std::string partial, int descriptor)
    : path_(std::move(path)),
      target_(std::move(target)),
      partial_(std::move(partial)),
      descriptor_(descriptor) {}

absl::StatusOr<std::unique_ptr<PartialFile>> PartialFile::Create(const std::string& path) {
  if (path == kStandardOutput) return CreateForStandardOutput(path);
  const std::string target = Resolve(path);
  struct stat existing;
  const bool exists = stat(target.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode)) return Failed(path, EISDIR);
  if (exists && !S_ISREG(existing.st_mode)) {
    const int device = open(target.c_str(), O_RDWR | O_CLOEXEC);
    if (device < 0) return Failed(path, errno);
    return std::unique_ptr<PartialFile>(new PartialFile(path, target, "", device));
  }
  // The one that would be replaced may be write-protected.
  if (exists && access(target.c_str(), W_OK) != 0) return Failed(path, errno);
  Registry& registry = Partials();
  const std::lock_guard lock(registry.mutex);
  if (registry.abandoned) return absl::CancelledError(absl::StrCat(path, ": interrupted"));
  const std::string partial = target + RandomSuffix();
  const int file = open(partial.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return Failed(path, errno);
  if (exists) fchmod(file, existing.st_mode & 07777);
  registry.partials.insert(partial);
  return std::unique_ptr<PartialFile>(new PartialFile(path, target, partial, file));
}

absl::StatusOr<std::unique_ptr<PartialFile>> PartialFile::CreateForStandardOutput(
    const std::string& path) {
  PATCHBAY_ASSIGN_OR_RETURN(const int kept, OpenTemporaryFile());
  std::unique_ptr<PartialFile> file(new PartialFile(path, path, "", dup(kept)));
  file->kept_ = kept;
  if (file->descriptor_ < 0) return Failed(path, errno);
  return file;
}

PartialFile::~PartialFile() {
  if (kept_ >= 0) close(kept_);
  if (descriptor_ >= 0) close(descriptor_);
  const std::lock_guard lock(Partials().mutex);
  if (Partials().partials.erase(partial_) > 0) unlink(partial_.c_str());
}

int PartialFile::TakeDescriptor() { return std::exchange(descriptor_, -1); }

absl::Status PartialFile::Commit() {
  if (kept_ >= 0) {
    if (lseek(kept_, 0, SEEK_SET) != 0) return Failed(path_, errno);
    const absl::Status copied = CopyDescriptor(kept_, STDOUT_FILENO);
    return copied.ok() ? copied : Prefixed("standard output ", copied);
  }
  if (partial_.empty()) return absl::OkStatus();
  const std::lock_guard lock(Partials().mutex);
  if (!Partials().partials.contains(partial_)) {
    return absl::CancelledError(absl::StrCat(path_, ": interrupted"));
  }
  if (std::rename(partial_.c_str(), target_.c_str()) != 0) return Failed(path_, errno);
  Partials().partials.erase(partial_);
  return absl::OkStatus();
}

void AbandonPartialFiles() {
  Registry& registry = Partials();
  const std::lock_guard lock(registry.mutex);
  registry.abandoned = true;
  for (const std::string& partial : registry.partials) unlink(partial.c_str());
  registry.partials.clear();
}

}  // namespace patchbay
