#include "clients/files/sound_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/files/sndfile_error.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// Small pieces: libsndfile's Vorbis encoder needs stack for a whole piece.
constexpr int kPieceFrames = 4096;
constexpr int kMaxDitheredBits = 16;

void Interleave(ConstBlock in, std::vector<float>& out) {
  for (int c = 0; c < in.num_channels(); ++c) {
    float* to = out.data() + c;
    for (const float sample : in.channel(c)) {
      *to = sample;
      to += in.num_channels();
    }
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<SoundWriter>> SoundWriter::Create(const std::string& path,
                                                                 const Options& options) {
  PATCHBAY_ASSIGN_OR_RETURN(std::unique_ptr<PartialFile> partial, PartialFile::Create(path));
  SF_INFO info = {};
  info.samplerate = options.sample_rate_hz;
  info.channels = options.num_channels;
  info.format = options.format.container | options.format.subtype;
  SndfileHandle file(sf_open_fd(partial->TakeDescriptor(), SFM_WRITE, &info, SF_TRUE));
  if (file == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": cannot be written as ", ContainerName(options.format), " ",
                     SubtypeName(options.format), " with ", options.num_channels,
                     options.num_channels == 1 ? " channel at " : " channels at ",
                     options.sample_rate_hz, " Hz: ", SndfileError(nullptr)));
  }
  sf_command(file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);  // it holds the time of day
  return std::unique_ptr<SoundWriter>(
      new SoundWriter(std::move(partial), std::move(file), options));
}

SoundWriter::SoundWriter(std::unique_ptr<PartialFile> partial, SndfileHandle file,
                         const Options& options)
    : partial_(std::move(partial)), file_(std::move(file)), options_(options) {
  const size_t num_samples = static_cast<size_t>(kPieceFrames) * options.num_channels;
  if (const std::optional<int> bits = IntegerBits(options.format); bits.has_value()) {
    const bool dither = options.dither && IsPcm(options.format) && *bits <= kMaxDitheredBits;
    quantizer_.emplace(*bits, dither);
    integers_.resize(num_samples);
  } else {
    floats_.resize(num_samples);
  }
}

absl::Status SoundWriter::Failed(const std::string& reason) const {
  return absl::DataLossError(absl::StrCat(path(), ": cannot be written: ", reason));
}

absl::Status SoundWriter::Write(ConstBlock block) {
  for (int first = 0; first < block.num_frames(); first += kPieceFrames) {
    const int count = std::min(kPieceFrames, block.num_frames() - first);
    const ConstBlock piece = block.Frames(first, count);
    sf_count_t written;
    if (quantizer_.has_value()) {
      quantizer_->Convert(piece, integers_);
      written = sf_writef_int(file_.get(), integers_.data(), count);
    } else {
      Interleave(piece, floats_);
      written = sf_writef_float(file_.get(), floats_.data(), count);
    }
    if (written != count) return Failed(SndfileError(file_.get()));
    num_frames_ += count;
  }
  return absl::OkStatus();
}

absl::Status SoundWriter::Close() {
  if (file_ == nullptr) return absl::OkStatus();
  const int error = sf_close(file_.release());
  std::vector<float>().swap(floats_);
  std::vector<int32_t>().swap(integers_);
  return error == 0 ? absl::OkStatus() : Failed(sf_error_number(error));
}

absl::Status SoundWriter::Commit() {
  PATCHBAY_RETURN_IF_ERROR(Close());
  return partial_->Commit();
}

}  // namespace patchbay
