#include "clients/cpp/stream.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/planar.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

bool IsPlanar(const v1::AudioFormat& format) {
  return format.encoding() == v1::SAMPLE_ENCODING_UNSPECIFIED ||
         format.encoding() == v1::SAMPLE_ENCODING_FLOAT32_PLANAR;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Stream>> Stream::Start(const std::shared_ptr<grpc::Channel>& channel,
                                                      const v1::ProcessRequest& first,
                                                      absl::Duration timeout) {
  std::unique_ptr<Stream> stream(new Stream(ProcessCall::Start(channel, timeout)));
  PATCHBAY_RETURN_IF_ERROR(stream->Begin(first));
  return stream;
}

absl::Status Stream::Begin(const v1::ProcessRequest& first) {
  Send(first);
  PATCHBAY_ASSIGN_OR_RETURN(const Incoming<v1::ProcessResponse> reply, call_->Read());
  if (!reply.message.has_ready()) {
    return absl::DataLossError("the server's first reply is not ready");
  }
  const v1::Ready& ready = reply.message.ready();
  session_ = ready.session();
  info_ = ready.info();
  if (!std::ranges::all_of(info_.inputs(), IsPlanar) ||
      !std::ranges::all_of(info_.outputs(), IsPlanar)) {
    return absl::FailedPreconditionError("this client streams planar float32 only");
  }
  if (info_.max_chunk_bytes() < static_cast<int>(PlanarBytes(64, 1))) {
    return absl::DataLossError("the server's max_chunk_bytes is too small for any audio");
  }
  for (const v1::Node& node : info_.nodes()) total_latency_ += node.latency_frames();
  StartClip();
  sent_ = input_frames_;
  received_.assign(outputs_.size(), 0);
  position_ = ready.position_frames();
  for (int i = 0; i < ready.input_frames_size() && i < info_.inputs_size(); ++i) {
    input_frames_[i] = ready.input_frames(i);
  }
  // A session that goes on from a checkpoint, or is attached, does not say whether it compensates.
  const bool is_new = first.has_open() && !first.open().has_checkpoint();
  compensates_ = is_new ? first.open().options().compensate_latency()
                        : total_latency_ > 0 && info_.latency_frames() == 0;
  keeps_length_ = !info_.outputs_at_own_pace();
  for (Track& output : outputs_) output = {position_, !compensates_ || position_ == 0};
  for (int i = 0; i < info_.control_outputs_size(); ++i) {
    const int64_t latency = info_.control_outputs(i).latency_frames();
    control_frames_[i] = std::max<int64_t>(0, position_ - latency);
  }
  return absl::OkStatus();
}

void Stream::StartClip() {
  position_ = 0;
  input_frames_.assign(info_.inputs_size(), 0);
  outputs_.assign(info_.outputs_size(), {});
  control_frames_.assign(info_.control_outputs_size(), 0);
}

absl::Status Stream::Guarded(const std::function<absl::Status()>& function) {
  if (status_.ok()) status_ = function();
  return status_;
}

int Stream::MaxChunkFrames() const {
  int widest = 1;
  for (const v1::AudioFormat& input : info_.inputs()) {
    widest = std::max(widest, input.num_channels());
  }
  return std::max<int>(1, info_.max_chunk_bytes() / PlanarBytes(widest, 1));
}

int64_t Stream::FramesOut() const {
  if (outputs_.empty() && control_frames_.empty()) return position_;
  int64_t frames = std::numeric_limits<int64_t>::max();
  for (const Track& output : outputs_) frames = std::min(frames, output.frames);
  for (size_t i = 0; i < control_frames_.size(); ++i) {
    const int64_t latency = info_.control_outputs(static_cast<int>(i)).latency_frames();
    frames = std::min(frames, control_frames_[i] + latency);
  }
  return frames;
}

void Stream::Send(const v1::ProcessRequest& request) { call_->Write(EncodeMessage(request)); }

void Stream::SendAudio(std::span<const ConstBlock> ins) {
  for (size_t i = 0; i < ins.size(); ++i) {
    const ConstBlock& in = ins[i];
    const OutgoingAudio audio =
        EncodeAudio(AudioDirection::kRequest, static_cast<int>(i), input_frames_[i],
                    PlanarBytes(in.num_channels(), in.num_frames()));
    Copy(in, PlanarSamples(audio, in.num_channels(), in.num_frames()));
    call_->Write(audio.Buffer());
  }
}

void Stream::CountSent(int num_frames) {
  position_ += num_frames;
  for (int64_t& frames : input_frames_) frames += num_frames;
  for (int64_t& frames : sent_) frames += num_frames;
}

absl::Status Stream::CheckBlocks(std::span<const ConstBlock> ins, std::span<const Block> outs,
                                 int num_frames) const {
  const auto fits = [num_frames](const auto& blocks, const auto& formats) {
    return std::ranges::equal(blocks, formats, [num_frames](const auto& block, const auto& format) {
      return block.num_channels() == format.num_channels() && block.num_frames() == num_frames;
    });
  };
  if (!fits(ins, info_.inputs()) || !fits(outs, info_.outputs())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the blocks do not have the shapes of the session: it has ", info_.inputs_size(),
        " inputs and ", info_.outputs_size(), " outputs; see info()"));
  }
  if (!keeps_length_ || (compensates_ && total_latency_ > 0)) {
    return absl::FailedPreconditionError(
        "a session that changes the length, or compensates latency, puts out its frames later: "
        "use Run");
  }
  return absl::OkStatus();
}

absl::Status Stream::Process(ConstBlock in, Block out) { return Process({&in, 1}, {&out, 1}); }

absl::Status Stream::Process(std::span<const ConstBlock> ins, std::span<const Block> outs) {
  if (ins.empty()) return absl::InvalidArgumentError("there is no input: use Generate");
  const int num_frames = ins[0].num_frames();
  PATCHBAY_RETURN_IF_ERROR(CheckBlocks(ins, outs, num_frames));
  if (std::ranges::count(input_frames_, position_) != std::ssize(ins)) {
    return absl::FailedPreconditionError(
        "the session was left with more of one input than of another: Flush or Reset it first");
  }
  return Guarded([&] { return Exchange(ins, outs, num_frames); });
}

absl::StatusOr<int> Stream::Generate(std::span<const Block> outs) {
  if (info_.inputs_size() > 0 || outs.empty()) {
    return absl::InvalidArgumentError("the session has inputs: use Process");
  }
  int64_t num_frames = outs[0].num_frames();
  PATCHBAY_RETURN_IF_ERROR(CheckBlocks({}, outs, outs[0].num_frames()));
  if (info_.has_length_frames()) {
    const int64_t end = info_.length_frames() + info_.latency_frames() + info_.tail_frames();
    num_frames = std::clamp<int64_t>(end - position_, 0, num_frames);
  }
  const int count = static_cast<int>(num_frames);
  if (count > 0) {
    PATCHBAY_RETURN_IF_ERROR(Guarded([&] { return Exchange({}, outs, count); }));
  }
  return count;
}

absl::Status Stream::Exchange(std::span<const ConstBlock> ins, std::span<const Block> outs,
                              int num_frames) {
  const int64_t start = position_;
  const int64_t end = start + num_frames;
  const int chunk = MaxChunkFrames();
  const Sink copy = [&outs, start](const AudioPiece& piece) {
    const Block& out = outs[piece.output()];
    const int64_t at = piece.start_frame() - start;
    if (at < 0 || piece.num_frames() > out.num_frames() - at) {
      return absl::DataLossError("the server sent more frames than were asked for");
    }
    piece.CopyTo(out.Frames(static_cast<int>(at), piece.num_frames()));
    return absl::OkStatus();
  };
  std::vector<ConstBlock> pieces(ins.begin(), ins.end());
  while (position_ < end || FramesOut() < end) {
    while (position_ < end && position_ - FramesOut() < int64_t{kChunksUnderWay} * chunk) {
      const int first = static_cast<int>(position_ - start);
      const int count = std::min(chunk, num_frames - first);
      for (size_t i = 0; i < ins.size(); ++i) pieces[i] = ins[i].Frames(first, count);
      SendAudio(pieces);
      if (ins.empty()) {
        v1::ProcessRequest pull;
        pull.mutable_pull()->set_num_frames(count);
        Send(pull);
      }
      CountSent(count);
    }
    if (FramesOut() < end) PATCHBAY_RETURN_IF_ERROR(Receive(copy).status());
  }
  return absl::OkStatus();
}

}  // namespace patchbay
