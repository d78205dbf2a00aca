// What a Stream does with the messages of the server.

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cpp/planar.h"
#include "clients/cpp/stream.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

// A server that claims more is broken.
constexpr int kMostControlOutputs = 1 << 20;

// Without zeros at the end: outputs that were pending may never have come.
std::vector<int64_t> Trimmed(std::vector<int64_t> counts) {
  while (!counts.empty() && counts.back() == 0) counts.pop_back();
  return counts;
}

}  // namespace

absl::StatusOr<v1::ProcessResponse::KindCase> Stream::Receive(const Sink& sink) {
  PATCHBAY_ASSIGN_OR_RETURN(const Incoming<v1::ProcessResponse> reply, call_->Read());
  if (reply.audio.has_value()) {
    PATCHBAY_RETURN_IF_ERROR(TakeAudio(*reply.audio, sink));
    return v1::ProcessResponse::kAudio;
  }
  switch (reply.message.kind_case()) {
    case v1::ProcessResponse::kControl:
      PATCHBAY_RETURN_IF_ERROR(TakeControl(reply.message.control()));
      break;
    case v1::ProcessResponse::kOutputs:
      TakeOutputs(reply.message.outputs());
      break;
    case v1::ProcessResponse::kProgress:
      if (on_progress_) PATCHBAY_RETURN_IF_ERROR(on_progress_(reply.message.progress()));
      break;
    case v1::ProcessResponse::kFlushed:
      PATCHBAY_RETURN_IF_ERROR(CheckFlushed(reply.message.flushed()));
      StartClip();
      break;
    case v1::ProcessResponse::kReset:
      StartClip();
      break;
    case v1::ProcessResponse::kEnd:
      PATCHBAY_RETURN_IF_ERROR(CheckEnd(reply.message.end()));
      report_ = reply.message.end().report();
      break;
    default:
      return absl::DataLossError("the server sent a message of an unexpected kind");
  }
  return reply.message.kind_case();
}

void Stream::TakeOutputs(const v1::Outputs& outputs) {
  outputs_have_come_ = true;
  *info_.mutable_outputs() = outputs.outputs();
  *info_.mutable_control_outputs() = outputs.control_outputs();
  output_lengths_.assign(outputs.length_frames().begin(), outputs.length_frames().end());
  outputs_.resize(info_.outputs_size());
  control_frames_.resize(info_.control_outputs_size());
  received_.resize(std::max(received_.size(), outputs_.size()));
}

int64_t Stream::output_frames(int output) const {
  return output < std::ssize(output_lengths_) ? std::max<int64_t>(0, output_lengths_[output]) : 0;
}

absl::Status Stream::TakeAudio(const IncomingAudio& audio, const Sink& sink) {
  if (audio.stream() < 0 || audio.stream() >= info_.outputs_size()) {
    return absl::DataLossError(absl::StrCat("the server sent audio of output ", audio.stream(),
                                            " and has ", info_.outputs_size()));
  }
  const int channels = info_.outputs(audio.stream()).num_channels();
  Track& output = outputs_[audio.stream()];
  if (!output.certain) output = {audio.start_frame(), true};
  if (channels < 1 || audio.num_bytes() % PlanarBytes(channels, 1) != 0) {
    return absl::DataLossError("the server sent a broken frame");
  }
  if (audio.start_frame() != output.frames) {
    return absl::DataLossError(absl::StrCat("output ", audio.stream(), " goes on at frame ",
                                            audio.start_frame(), " instead of ", output.frames));
  }
  const AudioPiece piece(audio, channels);
  output.frames += piece.num_frames();
  received_[audio.stream()] += piece.num_frames();
  return sink(piece);
}

absl::Status Stream::TakeControl(const v1::ControlChunk& chunk) {
  // Where outputs are pending, their controls may come before they are known.
  const int most = outputs_are_known() ? info_.control_outputs_size() : kMostControlOutputs;
  if (chunk.stream() < 0 || chunk.stream() >= most || chunk.frames_per_value() < 1 ||
      chunk.values().size() % sizeof(float) != 0) {
    return absl::DataLossError("the server sent a broken control chunk");
  }
  if (chunk.stream() >= std::ssize(control_frames_)) control_frames_.resize(chunk.stream() + 1);
  int64_t& frames = control_frames_[chunk.stream()];
  if (chunk.start_frame() != frames) {
    return absl::DataLossError(absl::StrCat("control output ", chunk.stream(), " goes on at frame ",
                                            chunk.start_frame(), " instead of ", frames));
  }
  const size_t num_values = chunk.values().size() / sizeof(float);
  frames += static_cast<int64_t>(num_values) * chunk.frames_per_value();
  ControlCurve* curve = nullptr;
  for (ControlCurve& known : controls_) {
    const int64_t known_end =
        known.start_frame + static_cast<int64_t>(known.values.size()) * known.frames_per_value;
    if (known.output == chunk.stream() && known_end == chunk.start_frame()) curve = &known;
  }
  if (curve == nullptr) {
    curve = &controls_.emplace_back(ControlCurve{.output = chunk.stream(),
                                                 .start_frame = chunk.start_frame(),
                                                 .frames_per_value = chunk.frames_per_value()});
  }
  const size_t old_size = curve->values.size();
  curve->values.resize(old_size + num_values);
  std::memcpy(curve->values.data() + old_size, chunk.values().data(), chunk.values().size());
  return absl::OkStatus();
}

std::vector<ControlCurve> Stream::TakeControls() {
  for (ControlCurve& curve : controls_) {
    if (curve.output >= info_.control_outputs_size()) continue;
    curve.name = info_.control_outputs(curve.output).name();
    curve.sample_rate_hz = info_.control_outputs(curve.output).sample_rate_hz();
  }
  return std::exchange(controls_, {});
}

absl::Status Stream::CheckFlushed(const v1::Flushed& flushed) const {
  const auto agrees = [](const Track& output, int64_t frames) { return output.frames == frames; };
  if (std::ranges::equal(outputs_, flushed.output_frames(), agrees)) return absl::OkStatus();
  return absl::DataLossError("the outputs do not have the frames that the server says");
}

absl::Status Stream::CheckEnd(const v1::End& end) const {
  const std::vector<int64_t> sent(end.frames().begin(), end.frames().end());
  if (Trimmed(sent) == Trimmed(received_)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the server sent [", absl::StrJoin(end.frames(), ", "),
                                          "] frames and [", absl::StrJoin(received_, ", "),
                                          "] arrived"));
}

}  // namespace patchbay
