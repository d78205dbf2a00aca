#include "processors/core/state_archive.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace patchbay {

static_assert(std::endian::native == std::endian::little, "checkpoints are little-endian");

template <typename T>
void StateArchive::Raw(std::span<T> values) {
  const size_t size = values.size_bytes();
  if (size == 0) return;
  if (!is_loading()) {
    saved_->append(reinterpret_cast<const char*>(values.data()), size);
    return;
  }
  if (unread_.size() < size) return Fail("it ends too early");
  std::memcpy(values.data(), unread_.data(), size);
  unread_.remove_prefix(size);
}

void StateArchive::Fail(const char* problem) {
  if (problem_ == nullptr) problem_ = problem;
}

void StateArchive::Value(float& value) { Values(std::span(&value, 1)); }
void StateArchive::Value(double& value) { Values(std::span(&value, 1)); }

void StateArchive::Values(std::span<float> values) {
  Raw(values);
  if (is_loading() && !std::ranges::all_of(values, [](float x) { return std::isfinite(x); })) {
    Fail("it holds a number that is not finite");
  }
}

void StateArchive::Values(std::span<double> values) {
  Raw(values);
  if (is_loading() && !std::ranges::all_of(values, [](double x) { return std::isfinite(x); })) {
    Fail("it holds a number that is not finite");
  }
}

void StateArchive::Index(int64_t& index, int64_t size) {
  Raw(std::span(&index, 1));
  if (is_loading() && (index < 0 || index >= size)) {
    Fail("it holds a position out of range");
    index = 0;
  }
}

void StateArchive::Index(int& index, int64_t size) {
  int64_t wide = index;
  Index(wide, size);
  index = static_cast<int>(wide);
}

void StateArchive::Bits(uint64_t& bits) { Raw(std::span(&bits, 1)); }
void StateArchive::Bits(int64_t& bits) { Raw(std::span(&bits, 1)); }

absl::Status StateArchive::Finish() const {
  const char* problem = problem_;
  if (problem == nullptr && is_loading() && !unread_.empty()) problem = "it is too long";
  if (problem == nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the saved state does not fit this processor: ", problem));
}

}  // namespace patchbay
