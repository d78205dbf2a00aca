#ifndef PROCESSORS_CORE_STATE_ARCHIVE_H_
#define PROCESSORS_CORE_STATE_ARCHIVE_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace patchbay {

// Saves and restores what a State remembers. A State lists its members once, in one function:
//
//   void Archive(StateArchive& archive) {
//     archive.Values(history);
//     archive.Index(write_frame, history.size());
//   }
//
// Values are little-endian and bit-exact. Loading trusts nothing: a non-finite number, an index
// out of its range, too few or too many bytes fail, and what was loaded must then be dropped.
class StateArchive {
 public:
  // Appends to `bytes`, which must outlive the archive.
  static StateArchive Saving(std::string* bytes) { return StateArchive(bytes, {}); }
  // Reads `bytes`, which must outlive the archive.
  static StateArchive Loading(absl::string_view bytes) { return StateArchive(nullptr, bytes); }

  bool is_loading() const { return saved_ == nullptr; }

  // Finite numbers.
  void Value(float& value);
  void Value(double& value);
  void Values(std::span<float> values);
  void Values(std::span<double> values);

  // A position in [0, size).
  void Index(int& index, int64_t size);
  void Index(int64_t& index, int64_t size);

  // Anything goes: the state of a random generator, a frame number.
  void Bits(uint64_t& bits);
  void Bits(int64_t& bits);

  // After the last member: INVALID_ARGUMENT if what was loaded does not fit.
  absl::Status Finish() const;

 private:
  StateArchive(std::string* saved, absl::string_view unread) : saved_(saved), unread_(unread) {}

  template <typename T>
  void Raw(std::span<T> values);
  void Fail(const char* problem);

  std::string* saved_;
  absl::string_view unread_;
  const char* problem_ = nullptr;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_STATE_ARCHIVE_H_
