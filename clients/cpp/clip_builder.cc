#include "clients/cpp/clip_builder.h"

#include <algorithm>
#include <utility>

namespace patchbay {
namespace {

// A guess is not trusted further than this: it comes from the server.
constexpr int64_t kMostExpected = int64_t{1} << 26;

}  // namespace

ClipBuilder::ClipBuilder(const v1::AudioFormat& format, int64_t expected_frames)
    : clip_(format.sample_rate_hz(), format.num_channels(),
            std::clamp<int64_t>(expected_frames, 0, kMostExpected)) {}

void ClipBuilder::Append(const AudioPiece& piece) {
  const int64_t end = num_frames_ + piece.num_frames();
  if (end > clip_.num_frames()) Resize(std::max(end, 2 * clip_.num_frames()));
  piece.CopyTo(clip_.Frames(num_frames_, piece.num_frames()));
  num_frames_ = end;
}

Clip ClipBuilder::Take() {
  if (num_frames_ != clip_.num_frames()) Resize(num_frames_);
  num_frames_ = 0;
  return std::exchange(clip_, Clip(clip_.sample_rate_hz(), clip_.num_channels(), 0));
}

Sink ClipCollector::sink() {
  return [this](const AudioPiece& piece) {
    if (piece.output() >= std::ssize(builders_)) AddBuilders();
    builders_[piece.output()].Append(piece);
    return absl::OkStatus();
  };
}

std::vector<Clip> ClipCollector::Take() {
  AddBuilders();
  std::vector<Clip> clips;
  for (ClipBuilder& builder : builders_) clips.push_back(builder.Take());
  return clips;
}

void ClipCollector::AddBuilders() {
  for (int i = static_cast<int>(builders_.size()); i < stream_.info().outputs_size(); ++i) {
    const bool was_pending = stream_.info().outputs_pending();
    builders_.emplace_back(stream_.info().outputs(i),
                           was_pending ? stream_.output_frames(i) : expected_frames_);
  }
}

void ClipBuilder::Resize(int64_t num_frames) {
  Clip resized(clip_.sample_rate_hz(), clip_.num_channels(), num_frames);
  for (int c = 0; c < clip_.num_channels(); ++c) {
    std::ranges::copy(std::as_const(clip_).channel(c).first(std::min(num_frames, num_frames_)),
                      resized.channel(c).begin());
  }
  clip_ = std::move(resized);
}

}  // namespace patchbay
