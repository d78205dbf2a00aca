#include "clients/cli/control_file.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/usage_error.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

absl::Status WriteFailed(const std::string& path) {
  return absl::DataLossError(absl::StrCat(path, ": cannot be written: ", strerror(errno)));
}

// In quotes where CSV asks for them.
std::string Cell(const std::string& name) {
  if (name.find_first_of(",\"\n") == std::string::npos) return name;
  return absl::StrCat("\"", absl::StrReplaceAll(name, {{"\"", "\"\""}}), "\"");
}

void AddTo(ControlSummary& summary, const std::vector<float>& values) {
  if (summary.num_values == 0) summary.minimum = summary.maximum = values[0];
  for (const float value : values) {
    summary.minimum = std::min<double>(summary.minimum, value);
    summary.maximum = std::max<double>(summary.maximum, value);
    summary.sum += value;
  }
  summary.num_values += static_cast<int64_t>(values.size());
}

}  // namespace

absl::StatusOr<ControlFile> ControlFile::Create(const std::string& path, const v1::StreamInfo& info,
                                                double rows_per_second) {
  if (info.control_outputs().empty() && !path.empty()) {
    return UsageError(
        "the expression puts out no control signal for --controls: add one such as "
        "envelope_follower");
  }
  ControlFile file;
  file.rows_per_second_ = rows_per_second;
  file.path_ = path;
  std::string header = "time_seconds";
  std::map<std::string, int> counts;
  for (const v1::ControlOutput& output : info.control_outputs()) {
    // Of a node that runs on several clips: each is a column.
    const int count = ++counts[output.name()];
    const std::string name = count == 1 ? output.name() : absl::StrCat(output.name(), "_", count);
    Output& added = file.outputs_.emplace_back();
    added.summary.name = name;
    added.sample_rate_hz = std::max(1, output.sample_rate_hz());
    absl::StrAppend(&header, ",", Cell(name));
  }
  if (path.empty()) return file;
  PATCHBAY_ASSIGN_OR_RETURN(file.partial_, PartialFile::Create(path));
  file.file_.reset(fdopen(file.partial_->TakeDescriptor(), "w"));
  absl::StrAppend(&header, "\n");
  if (file.file_ == nullptr || std::fputs(header.c_str(), file.file_.get()) < 0) {
    return WriteFailed(path);
  }
  return file;
}

absl::Status ControlFile::Write(const std::vector<ControlCurve>& curves) {
  for (const ControlCurve& curve : curves) {
    if (curve.output >= std::ssize(outputs_) || curve.values.empty()) continue;
    Output& output = outputs_[curve.output];
    AddTo(output.summary, curve.values);
    if (file_ == nullptr) continue;
    if (output.is_empty()) output.next_frame = curve.start_frame;
    output.frames_per_value = curve.frames_per_value;
    output.values.insert(output.values.end(), curve.values.begin(), curve.values.end());
  }
  return WriteRows(/*at_end=*/false);
}

bool ControlFile::TakesRow(int64_t frame, int64_t sample_rate_hz) {
  if (rows_per_second_ == 0) return true;
  const auto due = [&] {
    return std::llround(static_cast<double>(num_rows_ * sample_rate_hz) / rows_per_second_);
  };
  if (frame < due()) return false;
  while (due() <= frame) ++num_rows_;
  return true;
}

absl::Status ControlFile::WriteRows(bool at_end) {
  if (file_ == nullptr) return absl::OkStatus();
  std::string row;
  for (;;) {
    const Output* first = nullptr;
    bool all_wait = true;
    for (const Output& output : outputs_) {
      if (output.is_empty()) {
        all_wait = false;
      } else if (first == nullptr || output.IsBefore(*first)) {
        first = &output;
      }
    }
    if (first == nullptr || (!all_wait && !at_end)) break;
    const Output now = {.next_frame = first->next_frame, .sample_rate_hz = first->sample_rate_hz};
    const bool takes_row = TakesRow(now.next_frame, now.sample_rate_hz);
    if (takes_row) {
      row = absl::StrFormat("%.9g", static_cast<double>(now.next_frame) / now.sample_rate_hz);
    }
    for (Output& output : outputs_) {
      if (takes_row) row += ',';
      const bool is_new = !output.is_empty() && !now.IsBefore(output);
      if (is_new) {
        output.value = output.values[output.num_written++];
        output.has_value = true;
        output.next_frame += output.frames_per_value;
      }
      const bool is_told = is_new || (rows_per_second_ > 0 && output.has_value);
      if (takes_row && is_told) absl::StrAppendFormat(&row, "%.9g", output.value);
    }
    if (!takes_row) continue;
    row += '\n';
    std::fputs(row.c_str(), file_.get());
  }
  for (Output& output : outputs_) {
    output.values.erase(output.values.begin(), output.values.begin() + output.num_written);
    output.num_written = 0;
  }
  return std::ferror(file_.get()) == 0 ? absl::OkStatus() : WriteFailed(path_);
}

absl::Status ControlFile::Commit() {
  if (file_ == nullptr) return absl::OkStatus();
  PATCHBAY_RETURN_IF_ERROR(WriteRows(/*at_end=*/true));
  if (std::fclose(file_.release()) != 0) return WriteFailed(path_);
  return partial_->Commit();
}

std::vector<ControlSummary> ControlFile::Summaries() const {
  std::vector<ControlSummary> summaries;
  for (const Output& output : outputs_) summaries.push_back(output.summary);
  return summaries;
}

}  // namespace patchbay
