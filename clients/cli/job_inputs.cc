#include "clients/cli/job_inputs.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"

namespace patchbay {

absl::StatusOr<JobInputs> JobInputs::Open(const std::vector<std::string>& paths) {
  JobInputs inputs;
  for (const std::string& path : paths) {
    PATCHBAY_ASSIGN_OR_RETURN(std::unique_ptr<SoundReader> reader, SoundReader::Open(path));
    inputs.files_.push_back({.reader = std::move(reader)});
  }
  PATCHBAY_RETURN_IF_ERROR(inputs.CheckRates());
  return inputs;
}

absl::Status JobInputs::CheckRates() const {
  const SoundReader* other = nullptr;
  std::vector<std::string> rates;
  for (const File& file : files_) {
    const SoundReader& reader = *file.reader;
    rates.push_back(absl::StrCat(reader.path(), " has ", reader.sample_rate_hz(), " Hz"));
    const bool differs = reader.sample_rate_hz() != files_[0].reader->sample_rate_hz();
    if (differs && other == nullptr) other = &reader;
  }
  if (other == nullptr) return absl::OkStatus();
  const int rate = files_[0].reader->sample_rate_hz();
  return absl::InvalidArgumentError(
      absl::StrCat(absl::StrJoin(rates, ", "),
                   ": bring them to one sample rate first, such as with: patchbay process ",
                   other->path(), " -o resampled.wav 'resample(", rate, "Hz)'"));
}

absl::StatusOr<int> JobInputs::Read(std::span<const Block> blocks) {
  std::vector<int> counts;
  for (size_t i = 0; i < files_.size(); ++i) {
    PATCHBAY_ASSIGN_OR_RETURN(const int count, files_[i].reader->Read(blocks[i]));
    files_[i].levels.Add(blocks[i].Frames(0, count));
    files_[i].num_frames += count;
    counts.push_back(count);
  }
  const int most = *std::ranges::max_element(counts);
  for (size_t i = 0; i < files_.size(); ++i) {
    Fill(blocks[i].Frames(counts[i], most - counts[i]), 0);
  }
  return most;
}

std::optional<int> JobInputs::sample_rate_hz() const {
  if (files_.empty()) return std::nullopt;
  return files_[0].reader->sample_rate_hz();
}

std::optional<int64_t> JobInputs::expected_frames() const {
  int64_t most = 0;
  for (const File& file : files_) {
    const std::optional<int64_t> num_frames = file.reader->num_frames();
    if (!num_frames.has_value()) return std::nullopt;
    most = std::max(most, *num_frames);
  }
  return most;
}

}  // namespace patchbay
