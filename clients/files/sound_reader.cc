#include "clients/files/sound_reader.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/files/sndfile_error.h"
#include "clients/files/temporary_file.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

constexpr int kPieceFrames = 4096;

// Programs that write to pipes cannot go back to fill in the length, and say the most there is.
constexpr int64_t kUnknownBytes = 0x7fff0000;

// libsndfile corrects what headers claim in silence; its log tells:
// "data : 88200 (should be 1001)".
std::string HeaderWarning(SNDFILE* file) {
  std::array<char, 16384> log = {};
  sf_command(file, SFC_GET_LOG_INFO, log.data(), log.size());
  for (const absl::string_view line : absl::StrSplit(log.data(), '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() != 6 || words[3] != "(should" || (words[0] != "data" && words[0] != "SSND")) {
      continue;
    }
    int64_t claimed, real;
    if (absl::SimpleAtoi(words[2], &claimed) &&
        absl::SimpleAtoi(words[5].substr(0, words[5].size() - 1), &real) && claimed > real &&
        claimed < kUnknownBytes) {
      return absl::StrCat("its header announces ", claimed, " bytes of audio and ", real,
                          " are there: it is truncated");
    }
  }
  return "";
}

void Deinterleave(const float* interleaved, Block out) {
  const int num_channels = out.num_channels();
  for (int c = 0; c < num_channels; ++c) {
    const float* from = interleaved + c;
    for (float& sample : out.channel(c)) {
      sample = *from;
      from += num_channels;
    }
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<SoundReader>> SoundReader::Open(const std::string& path) {
  SF_INFO info = {};
  SndfileHandle file;
  if (path == "-") {
    // Most formats cannot be read from a pipe.
    PATCHBAY_ASSIGN_OR_RETURN(const int whole, OpenTemporaryFile());
    const absl::Status copied = CopyDescriptor(STDIN_FILENO, whole);
    lseek(whole, 0, SEEK_SET);
    file.reset(sf_open_fd(whole, SFM_READ, &info, SF_TRUE));
    if (!copied.ok()) return Prefixed("standard input ", copied);
  } else {
    file.reset(sf_open(path.c_str(), SFM_READ, &info));
  }
  if (file == nullptr) {
    const std::string reason = SndfileError(nullptr);
    if (sf_error(nullptr) == SF_ERR_SYSTEM) {
      return absl::NotFoundError(absl::StrCat(path, ": ", reason));
    }
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is not audio that can be read: ", reason));
  }
  return std::unique_ptr<SoundReader>(new SoundReader(path, std::move(file), info));
}

SoundReader::SoundReader(std::string path, SndfileHandle file, const SF_INFO& info)
    : path_(std::move(path)),
      file_(std::move(file)),
      info_(info),
      warning_(HeaderWarning(file_.get())),
      interleaved_(static_cast<size_t>(kPieceFrames) * info.channels) {}

SoundFormat SoundReader::format() const {
  return {info_.format & SF_FORMAT_TYPEMASK, info_.format & SF_FORMAT_SUBMASK};
}

std::optional<int64_t> SoundReader::num_frames() const {
  if (info_.frames < 0 || info_.frames == std::numeric_limits<sf_count_t>::max()) {
    return std::nullopt;
  }
  return info_.frames;
}

absl::StatusOr<int> SoundReader::Read(Block out) {
  int filled = 0;
  while (filled < out.num_frames()) {
    const int wanted = std::min(kPieceFrames, out.num_frames() - filled);
    const auto count = static_cast<int>(sf_readf_float(file_.get(), interleaved_.data(), wanted));
    Deinterleave(interleaved_.data(), out.Frames(filled, count));
    filled += count;
    position_ += count;
    if (count < wanted) {
      PATCHBAY_RETURN_IF_ERROR(NoteEnd());
      break;
    }
  }
  return filled;
}

absl::Status SoundReader::NoteEnd() {
  const std::string reason = SndfileError(file_.get());
  if (sf_error(file_.get()) == SF_ERR_SYSTEM) {
    return absl::DataLossError(absl::StrCat(path_, ": ", reason));
  }
  if (warning_.empty() && num_frames().has_value() && position_ < *num_frames()) {
    warning_ = absl::StrCat("ends after ", position_, " of ", *num_frames(),
                            " frames: ", sf_error(file_.get()) != 0 ? reason : "it is truncated");
  }
  return absl::OkStatus();
}

absl::StatusOr<Clip> ReadClip(const std::string& path) {
  PATCHBAY_ASSIGN_OR_RETURN(const std::unique_ptr<SoundReader> reader, SoundReader::Open(path));
  std::vector<Clip> pieces;
  int64_t num_frames = 0;
  for (int count = kPieceFrames; count == kPieceFrames; num_frames += count) {
    Clip& piece =
        pieces.emplace_back(reader->sample_rate_hz(), reader->num_channels(), kPieceFrames);
    PATCHBAY_ASSIGN_OR_RETURN(count, reader->Read(piece.Frames(0, kPieceFrames)));
  }
  Clip clip(reader->sample_rate_hz(), reader->num_channels(), num_frames);
  int64_t position = 0;
  for (const Clip& piece : pieces) {
    const int count = static_cast<int>(std::min<int64_t>(kPieceFrames, num_frames - position));
    Copy(piece.Frames(0, count), clip.Frames(position, count));
    position += count;
  }
  return clip;
}

}  // namespace patchbay
