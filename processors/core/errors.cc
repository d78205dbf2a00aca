#include "processors/core/errors.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace patchbay {
namespace {

constexpr const char kPath[] = "patchbay/path";
constexpr const char kValue[] = "patchbay/value";
constexpr const char kAllowed[] = "patchbay/allowed";

std::string Payload(const absl::Status& status, const char* url) {
  const absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status InvalidArgument(absl::string_view message, const ErrorDetail& detail) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kPath, absl::Cord(detail.path));
  status.SetPayload(kValue, absl::Cord(detail.value));
  status.SetPayload(kAllowed, absl::Cord(detail.allowed));
  return status;
}

ErrorDetail DetailOf(const absl::Status& status) {
  return {.path = Payload(status, kPath),
          .value = Payload(status, kValue),
          .allowed = Payload(status, kAllowed)};
}

absl::Status Prefixed(absl::string_view prefix, const absl::Status& status) {
  absl::Status prefixed(status.code(), absl::StrCat(prefix, status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    prefixed.SetPayload(url, payload);
  });
  return prefixed;
}

}  // namespace patchbay
