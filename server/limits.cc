#include "server/limits.h"

#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

constexpr int kSmallestMessageBytes = 64 << 10;  // room for a catalogue entry and a useful chunk

}  // namespace

absl::StatusOr<Limits> Limits::FromConfig(const internal::Limits& config) {
  Limits limits;
  absl::Status status;
  const auto take = [&](auto& limit, bool is_set, auto value, auto minimum, const char* name) {
    if (!is_set) return;
    if (!(value >= minimum)) {
      status.Update(absl::InvalidArgumentError(
          absl::StrCat("limits.", name, " = ", value, ": it must be at least ", minimum)));
    }
    limit = value;
  };
  take(limits.max_message_bytes, config.has_max_message_bytes(), config.max_message_bytes(),
       kSmallestMessageBytes, "max_message_bytes");
  take(limits.max_concurrent_streams, config.has_max_concurrent_streams(),
       config.max_concurrent_streams(), 1, "max_concurrent_streams");
  take(limits.max_sessions, config.has_max_sessions(), config.max_sessions(), 1, "max_sessions");
  take(limits.plan.max_bytes, config.has_max_session_bytes(), config.max_session_bytes(), 1,
       "max_session_bytes");
  take(limits.max_total_bytes, config.has_max_total_bytes(), config.max_total_bytes(), 1,
       "max_total_bytes");
  take(limits.plan.max_sample_rate_hz, config.has_max_sample_rate_hz(), config.max_sample_rate_hz(),
       1, "max_sample_rate_hz");
  take(limits.plan.max_channels, config.has_max_channels(), config.max_channels(), 1,
       "max_channels");
  take(limits.plan.max_nodes, config.has_max_nodes(), config.max_nodes(), 1, "max_nodes");
  take(limits.plan.max_depth, config.has_max_depth(), config.max_depth(), 1, "max_depth");
  double lease = absl::ToDoubleSeconds(limits.max_lease);
  take(lease, config.has_max_lease_seconds(), config.max_lease_seconds(), 0.001,
       "max_lease_seconds");
  limits.max_lease = absl::Seconds(lease);
  lease = absl::ToDoubleSeconds(limits.default_lease);
  take(lease, config.has_default_lease_seconds(), config.default_lease_seconds(), 0.001,
       "default_lease_seconds");
  limits.default_lease = std::min(absl::Seconds(lease), limits.max_lease);
  if (!status.ok()) return status;
  return limits;
}

}  // namespace patchbay
