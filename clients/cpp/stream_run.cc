// Whole clips through a Stream, and its end.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/clip_builder.h"
#include "clients/cpp/control.h"
#include "clients/cpp/planar.h"
#include "clients/cpp/stream.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// Large enough for few messages, small enough for the caches.
constexpr int kChunkBytes = 256 << 10;

absl::Status Discard(const AudioPiece&) { return absl::OkStatus(); }

}  // namespace

absl::Status Stream::Set(absl::string_view parameter, double value, const SetOptions& options) {
  return Set(parameter, ConstantSignal(value), options);
}

absl::Status Stream::Set(absl::string_view parameter, const v1::ControlSignal& signal,
                         const SetOptions& options) {
  return Guarded([&] {
    v1::ProcessRequest request;
    v1::ControlChange& change = *request.mutable_control();
    change.set_node(options.node);
    change.set_parameter(std::string(parameter));
    if (options.start_frame.has_value()) change.set_start_frame(*options.start_frame);
    *change.mutable_signal() = signal;
    Send(request);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<Clip>> Stream::Flush() {
  ClipCollector collector(*this, info_.latency_frames() + info_.tail_frames());
  PATCHBAY_RETURN_IF_ERROR(Guarded([&] { return RunFlush(collector.sink()); }));
  return collector.Take();
}

absl::Status Stream::RunFlush(const Sink& sink) {
  v1::ProcessRequest request;
  request.mutable_flush();
  Send(request);
  for (;;) {
    PATCHBAY_ASSIGN_OR_RETURN(const auto kind, Receive(sink));
    if (kind == v1::ProcessResponse::kFlushed) return absl::OkStatus();
  }
}

absl::Status Stream::Reset() {
  return Guarded([this] { return RunReset(); });
}

absl::Status Stream::RunReset() {
  v1::ProcessRequest request;
  request.mutable_reset();
  Send(request);
  for (;;) {
    PATCHBAY_ASSIGN_OR_RETURN(const auto kind, Receive(&Discard));
    if (kind == v1::ProcessResponse::kReset) return absl::OkStatus();
  }
}

absl::Status Stream::Run(const Source& source, const Sink& sink, int chunk_frames) {
  if (info_.inputs().empty()) {
    return absl::InvalidArgumentError("the session has no inputs: run it without a source");
  }
  if (chunk_frames <= 0) {
    const int most = MaxChunkFrames();
    chunk_frames = std::max<int>(1, int64_t{most} * kChunkBytes / info_.max_chunk_bytes());
  }
  chunk_frames = std::min(chunk_frames, MaxChunkFrames());
  return Guarded([&] { return RunSource(source, sink, chunk_frames); });
}

absl::Status Stream::RunSource(const Source& source, const Sink& sink, int chunk_frames) {
  // However many frames come back for those that are sent: the server reads no further than it can
  // answer.
  const size_t most = size_t{kChunksUnderWay} * info_.inputs_size();
  for (;;) {
    while (!call_->WaitForRoom(most)) PATCHBAY_RETURN_IF_ERROR(Receive(sink).status());
    PATCHBAY_ASSIGN_OR_RETURN(const int count, SendFrom(source, chunk_frames));
    if (count == 0) return RunFlush(sink);
  }
}

absl::StatusOr<int> Stream::SendFrom(const Source& source, int chunk_frames) {
  std::vector<OutgoingAudio> messages;
  std::vector<Block> blocks;
  for (int i = 0; i < info_.inputs_size(); ++i) {
    const int channels = info_.inputs(i).num_channels();
    messages.push_back(EncodeAudio(AudioDirection::kRequest, i, input_frames_[i],
                                   PlanarBytes(channels, chunk_frames)));
    blocks.push_back(PlanarSamples(messages.back(), channels, chunk_frames));
  }
  PATCHBAY_ASSIGN_OR_RETURN(const int count, source(blocks));
  if (count < 0 || count > chunk_frames) {
    return absl::InternalError(
        absl::StrCat("the source filled ", count, " frames of ", chunk_frames));
  }
  if (count == chunk_frames) {
    for (const OutgoingAudio& message : messages) call_->Write(message.Buffer());
  } else if (count > 0) {
    std::vector<ConstBlock> filled;
    for (const Block& block : blocks) filled.push_back(block.Frames(0, count));
    SendAudio(filled);
  }
  CountSent(count);
  return count;
}

absl::Status Stream::Run(const Sink& sink, std::optional<int64_t> num_frames) {
  if (!info_.inputs().empty()) {
    return absl::InvalidArgumentError("the session has inputs: run it with a source");
  }
  if (num_frames.has_value()) return Guarded([&] { return RunPull(sink, *num_frames); });
  if (!info_.has_length_frames() && keeps_length_) {
    return absl::InvalidArgumentError("the generator never ends: say how many frames to take");
  }
  return Guarded([&] { return RunFlush(sink); });
}

absl::Status Stream::RunPull(const Sink& sink, int64_t num_frames) {
  if (!keeps_length_) {
    v1::ProcessRequest pull;
    pull.mutable_pull()->set_num_frames(num_frames);
    if (num_frames > 0) Send(pull);
    return RunFlush(sink);
  }
  const int64_t first = FramesOut();
  if (info_.has_length_frames()) {
    const int64_t end = info_.length_frames() + info_.latency_frames() + info_.tail_frames();
    num_frames = std::min(num_frames, end - first);
  }
  const int64_t end = first + std::max<int64_t>(0, num_frames);
  if (end > first) {
    // Where latency is compensated, its frames are computed and not put out: ask for more.
    const int64_t hidden = compensates_ ? total_latency_ : 0;
    v1::ProcessRequest pull;
    pull.mutable_pull()->set_num_frames(num_frames + hidden);
    Send(pull);
  }
  const Sink until_end = [&sink, end](const AudioPiece& piece) -> absl::Status {
    const int64_t left = end - piece.start_frame();
    return left <= 0
               ? absl::OkStatus()
               : sink(piece.First(static_cast<int>(std::min<int64_t>(left, piece.num_frames()))));
  };
  while (FramesOut() < end) PATCHBAY_RETURN_IF_ERROR(Receive(until_end).status());
  return RunReset();
}

absl::StatusOr<v1::Report> Stream::Close() {
  PATCHBAY_RETURN_IF_ERROR(Guarded([&]() -> absl::Status {
    v1::ProcessRequest request;
    request.mutable_end()->mutable_frames()->Assign(sent_.begin(), sent_.end());
    Send(request);
    for (;;) {
      PATCHBAY_ASSIGN_OR_RETURN(const auto kind, Receive(&Discard));
      if (kind == v1::ProcessResponse::kEnd) return call_->Finish();
    }
  }));
  status_ = absl::FailedPreconditionError("the stream is closed");
  return report_;
}

}  // namespace patchbay
