#ifndef CLIENTS_CLI_CONTROL_FILES_H_
#define CLIENTS_CLI_CONTROL_FILES_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/stream.h"
#include "clients/files/partial_file.h"

namespace patchbay {

// What a control output did.
struct ControlSummary {
  std::string name;
  std::string path;  // empty: not written
  int64_t num_values = 0;
  double minimum = 0;
  double maximum = 0;
  double sum = 0;

  double mean() const { return num_values == 0 ? 0 : sum / num_values; }
};

// The control outputs of a session: summed up, and written as CSV (frame, seconds, value), a file
// each.
class ControlFiles {
 public:
  // `path` as in NumberedPath; empty: only sums up.
  static absl::StatusOr<ControlFiles> Create(const std::string& path, const v1::StreamInfo& info,
                                             int sample_rate_hz);

  absl::Status Write(const std::vector<ControlCurve>& curves);
  absl::Status Commit();

  std::vector<ControlSummary> Summaries() const;

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  struct Output {
    ControlSummary summary;
    std::unique_ptr<PartialFile> partial;
    std::unique_ptr<std::FILE, Closer> file;
  };

  std::vector<Output> outputs_;
  int sample_rate_hz_ = 0;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_CONTROL_FILES_H_
