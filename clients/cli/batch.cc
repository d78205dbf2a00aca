#include "clients/cli/batch.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/process_report.h"
#include "clients/cli/progress_bar.h"
#include "clients/cli/usage_error.h"
#include "clients/cli/words.h"
#include "clients/files/sound_format.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

namespace fs = std::filesystem;

bool IsFolder(const std::string& path) {
  std::error_code error;
  return absl::EndsWith(path, "/") || (!path.empty() && fs::is_directory(path, error));
}

// As it is usual for a format's files.
std::string SuffixOf(const std::string& container) {
  const std::string name = absl::AsciiStrToLower(container);
  if (name == "mpeg") return ".mp3";
  return name == "wavex" ? ".wav" : absl::StrCat(".", name);
}

std::string InFolder(const std::string& folder, const std::string& input,
                     const std::string& suffix) {
  fs::path name = fs::path(input).filename();
  if (!suffix.empty()) name.replace_extension(suffix);
  return (fs::path(folder) / name).string();
}

absl::Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(folder.string(), ": ", error.message()));
}

// What would be the same for every file.
bool ConcernsAll(const absl::Status& status) {
  return IsUsageError(status) || absl::StartsWith(status.message(), "column ") ||
         absl::StartsWith(status.message(), "line ");
}

class Batch {
 public:
  Batch(Client& client, const std::vector<FileJob>& jobs, const BatchOptions& options)
      : client_(client),
        jobs_(jobs),
        options_(options),
        results_(jobs.size()),
        progress_(!options.quiet) {}

  absl::Status Run() {
    std::vector<std::thread> threads;
    const size_t num_threads = std::min<size_t>(options_.num_threads, jobs_.size());
    for (size_t i = 0; i < num_threads; ++i) threads.emplace_back([this] { Work(); });
    for (std::thread& thread : threads) thread.join();
    progress_.Clear();
    if (!stop_.ok()) return stop_;
    TellTotal();
    if (num_failed_ == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        num_failed_, " of ", InNumbers(static_cast<int64_t>(jobs_.size()), "file"), " failed"));
  }

 private:
  using Result = absl::StatusOr<FileJobResult>;

  void Work() {
    while (true) {
      size_t index;
      {
        const std::lock_guard lock(mutex_);
        if (num_started_ == jobs_.size() || !stop_.ok()) return;
        index = num_started_++;
      }
      ProgressBar none(false);
      Result result = RunFileJob(client_, jobs_[index], none);
      const std::lock_guard lock(mutex_);
      Take(index, std::move(result));
    }
  }

  // With the lock.
  void Take(size_t index, Result result) {
    if (!result.ok() && ConcernsAll(result.status()) && stop_.ok()) stop_ = result.status();
    if (!stop_.ok()) return;
    if (result.ok()) {
      seconds_ += result->seconds;
    } else {
      ++num_failed_;
    }
    ++num_done_;
    results_[index] = std::move(result);
    for (; num_told_ < results_.size() && results_[num_told_].has_value(); ++num_told_) {
      Tell(jobs_[num_told_].inputs[0], *results_[num_told_]);
      results_[num_told_] = absl::UnknownError("told");
    }
    progress_.UpdateFiles(num_done_, jobs_.size(), seconds_);
  }

  void Tell(const std::string& input, const Result& result) {
    std::vector<std::string> messages;
    if (!result.ok()) {
      const std::string error(result.status().message());
      messages.push_back(absl::StartsWith(error, input) ? error : absl::StrCat(input, ": ", error));
      if (options_.json) files_.push_back({{"path", input}, {"error", error}});
    } else {
      for (const std::string& warning : Warnings(*result)) {
        // Those on the expression come again with every file.
        if (warnings_.insert(warning).second) messages.push_back("warning: " + warning);
      }
      if (options_.json) files_.push_back(ToJson(*result));
    }
    const bool prints = result.ok() && !options_.json && !options_.quiet;
    if (!messages.empty() || prints) progress_.Clear();
    for (const std::string& message : messages) {
      std::fprintf(stderr, "patchbay: %s\n", message.c_str());
    }
    if (prints) std::fputs(FilesInWords(*result, input).c_str(), stdout);
  }

  void TellTotal() {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start_;
    const double times = wall.count() > 0 ? seconds_ / wall.count() : 0;
    if (options_.json) {
      const nlohmann::ordered_json json = {{"files", files_},
                                           {"num_failed", num_failed_},
                                           {"audio_seconds", seconds_},
                                           {"wall_seconds", wall.count()},
                                           {"times_real_time", times}};
      std::puts(json.dump(2).c_str());
    } else if (!options_.quiet) {
      absl::PrintF("%s, %s of audio in %s: %.0f times real time\n",
                   InNumbers(static_cast<int64_t>(jobs_.size() - num_failed_), "file"),
                   InSeconds(seconds_), InSeconds(wall.count()), times);
    }
  }

  Client& client_;
  const std::vector<FileJob>& jobs_;
  const BatchOptions options_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();

  std::mutex mutex_;                            // of all that follows
  std::vector<std::optional<Result>> results_;  // kept until those before them are told
  size_t num_started_ = 0;
  size_t num_done_ = 0;
  size_t num_told_ = 0;
  size_t num_failed_ = 0;
  double seconds_ = 0;  // of audio
  absl::Status stop_;   // why the batch ends
  std::set<std::string> warnings_;
  ProgressBar progress_;
  nlohmann::ordered_json files_ = nlohmann::ordered_json::array();
};

}  // namespace

bool IsBatch(const FileJob& job) {
  const auto& outputs = job.outputs.paths;
  return (outputs.size() == 1 && IsFolder(outputs[0])) || IsFolder(job.controls);
}

absl::StatusOr<std::vector<FileJob>> SplitBatch(const FileJob& job) {
  const auto& outputs = job.outputs.paths;
  if (job.inputs.empty()) {
    return UsageError("a folder takes its files' names from input files: name a file instead");
  }
  if (!job.input_names.empty()) {
    return UsageError(
        "with a folder, each input is processed on its own and has no name: leave NAME= away, or "
        "write to a file");
  }
  if (!job.controls.empty() && !IsFolder(job.controls)) {
    return UsageError("-o is a folder: --controls has to be one as well, such as controls/");
  }
  if (outputs.size() > 1 || (outputs.size() == 1 && !IsFolder(outputs[0]))) {
    return UsageError("--controls is a folder: -o has to be one as well, such as out/");
  }
  const std::string format = absl::AsciiStrToLower(job.outputs.container);
  if (!format.empty() && std::ranges::count(ContainerNames(), format) == 0) {
    return UsageError(absl::StrCat("unknown format '", format, "': choose one of ",
                                   absl::StrJoin(ContainerNames(), ", ")));
  }
  const auto claims = std::make_shared<OutputClaims>();
  std::set<std::string> taken;
  std::vector<FileJob> jobs;
  for (const std::string& input : job.inputs) {
    FileJob& one = jobs.emplace_back(job);
    one.inputs = {input};
    one.outputs.claims = claims;
    if (!outputs.empty()) {
      const std::string& container = job.outputs.container;
      one.outputs.paths = {
          InFolder(outputs[0], input, container.empty() ? "" : SuffixOf(container))};
    }
    if (!job.controls.empty()) one.controls = InFolder(job.controls, input, ".csv");
    std::vector<std::string> files = one.outputs.paths;
    if (!one.controls.empty()) files.push_back(one.controls);
    for (const std::string& file : files) {
      if (taken.insert(file).second) continue;
      return UsageError(absl::StrCat("two inputs would become ", file,
                                     ": process them into folders of their own"));
    }
  }
  return jobs;
}

absl::Status RunBatch(Client& client, const std::vector<FileJob>& jobs,
                      const BatchOptions& options) {
  const auto folder = [](const std::string& file) { return fs::path(file).parent_path(); };
  if (!jobs[0].outputs.paths.empty()) {
    PATCHBAY_RETURN_IF_ERROR(MakeFolder(folder(jobs[0].outputs.paths[0])));
  }
  if (!jobs[0].controls.empty()) PATCHBAY_RETURN_IF_ERROR(MakeFolder(folder(jobs[0].controls)));
  return Batch(client, jobs, options).Run();
}

}  // namespace patchbay
