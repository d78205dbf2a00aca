#ifndef CLIENTS_CLI_CONTROL_FILE_H_
#define CLIENTS_CLI_CONTROL_FILE_H_

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
  int64_t num_values = 0;
  double minimum = 0;
  double maximum = 0;
  double sum = 0;

  double mean() const { return num_values == 0 ? 0 : sum / num_values; }
};

// The control outputs of a session: summed up, and written side by side as CSV, a column each after
// time_seconds, a row for each time at which one of them has a value; or fewer rows at equal
// distances, each with the values in force there.
class ControlFile {
 public:
  // `path` empty: only sums up. `rows_per_second` 0: all rows.
  static absl::StatusOr<ControlFile> Create(const std::string& path, const v1::StreamInfo& info,
                                            double rows_per_second = 0);

  absl::Status Write(const std::vector<ControlCurve>& curves);
  absl::Status Commit();

  std::vector<ControlSummary> Summaries() const;

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  struct Output {
    ControlSummary summary;
    // Values that wait for the other columns, from next_frame on.
    std::vector<float> values;
    size_t num_written = 0;  // of `values`
    int64_t next_frame = 0;
    float value = 0;  // of the last frame
    bool has_value = false;
    int frames_per_value = 1;
    int64_t sample_rate_hz = 1;

    bool is_empty() const { return num_written == values.size(); }
    // Whether its next value comes before another's.
    bool IsBefore(const Output& other) const {
      return next_frame * other.sample_rate_hz < other.next_frame * sample_rate_hz;
    }
  };

  // The rows that are complete; at the end, all.
  absl::Status WriteRows(bool at_end);
  // Whether the frame has a row. For one time after the other.
  bool TakesRow(int64_t frame, int64_t sample_rate_hz);

  std::vector<Output> outputs_;
  double rows_per_second_ = 0;
  int64_t num_rows_ = 0;  // where they are at equal distances
  std::string path_;
  std::unique_ptr<PartialFile> partial_;
  std::unique_ptr<std::FILE, Closer> file_;
};

}  // namespace patchbay

#endif  // CLIENTS_CLI_CONTROL_FILE_H_
