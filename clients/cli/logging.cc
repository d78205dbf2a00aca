#include "clients/cli/logging.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "grpc/support/log.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace patchbay {
namespace {

constexpr std::array kLevels = {"trace", "debug", "info", "warn", "error", "off"};

// What gRPC calls an error is often a client that went away: worth a look, not an alarm.
void LogGrpc(gpr_log_func_args* args) {
  const auto level =
      args->severity == GPR_LOG_SEVERITY_ERROR ? spdlog::level::warn : spdlog::level::debug;
  spdlog::log(level, "grpc {}", args->message);
}

}  // namespace

absl::Status StartLogging(const std::string& level) {
  if (std::ranges::find(kLevels, level) == kLevels.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("log_level '", level, "' is unknown: choose ", absl::StrJoin(kLevels, ", ")));
  }
  auto logger = spdlog::stderr_logger_mt("patchbay");
  logger->set_level(spdlog::level::from_str(level));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(logger);
  gpr_set_log_function(&LogGrpc);
  return absl::OkStatus();
}

}  // namespace patchbay
