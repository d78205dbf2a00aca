#include "clients/cli/control_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/job_outputs.h"
#include "clients/cli/usage_error.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

absl::Status WriteFailed(const std::string& path) {
  return absl::DataLossError(absl::StrCat(path, ": cannot be written: ", strerror(errno)));
}

}  // namespace

absl::StatusOr<ControlFiles> ControlFiles::Create(const std::string& path,
                                                  const v1::StreamInfo& info, int sample_rate_hz) {
  const int count = info.control_outputs_size();
  if (count == 0 && !path.empty()) {
    return UsageError(
        "the expression puts out no control signal for --controls: add one such as "
        "envelope_follower");
  }
  ControlFiles files;
  files.sample_rate_hz_ = sample_rate_hz;
  for (int i = 0; i < count; ++i) {
    Output& output = files.outputs_.emplace_back();
    output.summary.name = info.control_outputs(i).name();
    if (path.empty()) continue;
    output.summary.path = NumberedPath(path, i, count);
    PATCHBAY_ASSIGN_OR_RETURN(output.partial, PartialFile::Create(output.summary.path));
    output.file.reset(fdopen(output.partial->TakeDescriptor(), "w"));
    if (output.file == nullptr || std::fputs("frame,seconds,value\n", output.file.get()) < 0) {
      return WriteFailed(output.summary.path);
    }
  }
  return files;
}

absl::Status ControlFiles::Write(const std::vector<ControlCurve>& curves) {
  for (const ControlCurve& curve : curves) {
    const auto output = std::ranges::find(outputs_, curve.name,
                                          [](const Output& output) { return output.summary.name; });
    if (output == outputs_.end() || curve.values.empty()) continue;
    ControlSummary& summary = output->summary;
    if (summary.num_values == 0) summary.minimum = summary.maximum = curve.values[0];
    int64_t frame = curve.start_frame;
    for (const float value : curve.values) {
      summary.minimum = std::min<double>(summary.minimum, value);
      summary.maximum = std::max<double>(summary.maximum, value);
      summary.sum += value;
      if (output->file != nullptr) {
        const double seconds = static_cast<double>(frame) / sample_rate_hz_;
        absl::FPrintF(output->file.get(), "%d,%.9g,%.9g\n", frame, seconds, value);
      }
      frame += curve.frames_per_value;
    }
    summary.num_values += static_cast<int64_t>(curve.values.size());
    if (output->file != nullptr && std::ferror(output->file.get()) != 0) {
      return WriteFailed(summary.path);
    }
  }
  return absl::OkStatus();
}

absl::Status ControlFiles::Commit() {
  for (Output& output : outputs_) {
    if (output.file == nullptr) continue;
    if (std::fclose(output.file.release()) != 0) return WriteFailed(output.summary.path);
    PATCHBAY_RETURN_IF_ERROR(output.partial->Commit());
  }
  return absl::OkStatus();
}

std::vector<ControlSummary> ControlFiles::Summaries() const {
  std::vector<ControlSummary> summaries;
  for (const Output& output : outputs_) summaries.push_back(output.summary);
  return summaries;
}

}  // namespace patchbay
