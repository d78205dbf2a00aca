// Client::Process: whole clips.

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/client.h"
#include "clients/cpp/clip_builder.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

int64_t Longest(const std::vector<Clip>& clips) {
  int64_t longest = 0;
  for (const Clip& clip : clips) longest = std::max(longest, clip.num_frames());
  return longest;
}

// How much is done of what streams, which is no node's long work.
absl::Status Tell(const OnProgress& on_progress, int64_t frames, int64_t end) {
  if (!on_progress || end <= 0) return absl::OkStatus();
  v1::Progress progress;
  progress.set_fraction(std::min(1.0, static_cast<double>(frames) / static_cast<double>(end)));
  return on_progress(progress);
}

// The clips side by side, each followed by silence until the longest ends.
Source FromClips(const std::vector<Clip>& clips, const OnProgress& on_progress) {
  return [&clips, &on_progress, position = int64_t{0},
          end = Longest(clips)](std::span<const Block> ins) mutable -> absl::StatusOr<int> {
    const int count = static_cast<int>(std::min<int64_t>(end - position, ins[0].num_frames()));
    for (size_t i = 0; i < ins.size(); ++i) {
      const int64_t left = clips[i].num_frames() - position;
      const int from_clip = static_cast<int>(std::clamp<int64_t>(left, 0, count));
      if (from_clip > 0) Copy(clips[i].Frames(position, from_clip), ins[i].Frames(0, from_clip));
      Fill(ins[i].Frames(from_clip, count - from_clip), 0);
    }
    position += count;
    PATCHBAY_RETURN_IF_ERROR(Tell(on_progress, position, end));
    return count;
  };
}

absl::Status CheckRates(const std::vector<Clip>& clips) {
  for (const Clip& clip : clips) {
    if (clip.sample_rate_hz() == clips[0].sample_rate_hz()) continue;
    return InvalidArgument(
        absl::StrCat("the clips have different sample rates: ", clips[0].sample_rate_hz(), " and ",
                     clip.sample_rate_hz(), " Hz"),
        {.path = "inputs"});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ProcessResult> Client::Process(const v1::Description& description,
                                              const std::vector<Clip>& inputs,
                                              const ProcessOptions& options) {
  PATCHBAY_RETURN_IF_ERROR(CheckRates(inputs));
  SessionOptions session = {.sample_rate_hz = options.sample_rate_hz,
                            .input_channels = {},
                            .input_names = options.input_names,
                            .clips = options.clips,
                            .exclude_tail = options.exclude_tail,
                            .compensate_latency = true,
                            .timeout = options.timeout};
  for (const Clip& clip : inputs) {
    session.sample_rate_hz = clip.sample_rate_hz();
    session.input_channels.push_back(clip.num_channels());
  }
  PATCHBAY_ASSIGN_OR_RETURN(const std::unique_ptr<Stream> stream, Open(description, session));

  const v1::StreamInfo& info = stream->info();
  int64_t expected = info.tail_frames();
  expected += inputs.empty() ? info.length_frames() : Longest(inputs);
  if (options.num_frames.has_value() && inputs.empty()) expected = *options.num_frames;
  ClipCollector collector(*stream, expected);
  const Sink sink = collector.sink();
  const Sink telling_sink = [&](const AudioPiece& piece) {
    PATCHBAY_RETURN_IF_ERROR(sink(piece));
    return Tell(options.on_progress, piece.start_frame() + piece.num_frames(), expected);
  };
  stream->set_on_progress(options.on_progress);

  PATCHBAY_RETURN_IF_ERROR(inputs.empty() ? stream->Run(telling_sink, options.num_frames)
                                          : stream->Run(FromClips(inputs, options.on_progress),
                                                        sink, options.chunk_frames));
  ProcessResult result;
  result.controls = stream->TakeControls();
  PATCHBAY_ASSIGN_OR_RETURN(result.report, stream->Close());
  result.clips = collector.Take();
  return result;
}

}  // namespace patchbay
