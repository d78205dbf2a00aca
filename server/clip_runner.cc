#include "server/clip_runner.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/core/errors.h"
#include "server/protobuf_time.h"
#include "server/sample_codec.h"
#include "server/session_plan.h"

namespace patchbay {
namespace {

// Between two looks at `cancelled`.
constexpr int kSliceFrames = 4 << 10;

// Copies what the clips hold from `first` on, silence beyond their ends.
class ClipReader {
 public:
  ClipReader(const Clip& clip, int max_frames)
      : clip_(clip), buffer_(clip.sample_rate_hz(), clip.num_channels(), max_frames) {}

  ConstBlock Read(int64_t first, int count) {
    const int available =
        static_cast<int>(std::clamp<int64_t>(clip_.num_frames() - first, 0, count));
    if (available == count) return clip_.Frames(first, count);
    const Block block = buffer_.Frames(0, count);
    Fill(block, 0.0f);
    if (available > 0) Copy(clip_.Frames(first, available), block.Frames(0, available));
    return block;
  }

 private:
  const Clip& clip_;
  Clip buffer_;
};

// The outputs of one run, with the latency dropped.
struct Results {
  std::vector<Clip> outputs;
  std::vector<std::vector<float>> curves;
};

absl::Status CheckBytes(int64_t bytes, int max_message_bytes) {
  if (bytes <= max_message_bytes - 4096) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the result has ", bytes, " bytes and a message may have ", max_message_bytes,
                   ": stream the audio with Process instead"));
}

absl::Status CheckSize(const Plan& plan, int64_t num_frames, int max_message_bytes) {
  if (num_frames > max_message_bytes) num_frames = max_message_bytes;  // too long for any format
  int64_t samples = static_cast<int64_t>(plan.control_outputs.size());
  for (const int edge : plan.outputs) samples += plan.edges[edge].num_channels;
  return CheckBytes(samples * num_frames * static_cast<int64_t>(sizeof(float)), max_message_bytes);
}

absl::Status Run(Engine& engine, const std::vector<Clip>& inputs, int64_t num_frames,
                 const std::function<bool()>& cancelled, Results& results) {
  const Plan& plan = engine.plan();
  const int64_t total = num_frames + plan.latency_frames + plan.tail_frames;
  std::vector<ClipReader> readers;
  for (const Clip& input : inputs) readers.emplace_back(input, kSliceFrames);
  std::vector<Clip> outputs;
  std::vector<std::vector<float>> curves(plan.control_outputs.size(), std::vector<float>(total));
  for (const int edge : plan.outputs) {
    outputs.emplace_back(plan.sample_rate_hz, plan.edges[edge].num_channels, total);
  }
  while (engine.position_frames() < total) {
    if (cancelled()) return absl::CancelledError("the call was cancelled");
    const int64_t position = engine.position_frames();
    const bool draining = inputs.empty() || position >= num_frames;
    const int64_t end = draining ? total : num_frames;
    const int count = static_cast<int>(std::min<int64_t>(kSliceFrames, end - position));
    std::vector<ConstBlock> ins;
    for (ClipReader& reader : readers) ins.push_back(reader.Read(position, count));
    std::vector<Block> outs;
    for (Clip& output : outputs) outs.push_back(output.Frames(position, count));
    std::vector<std::span<float>> controls;
    for (auto& curve : curves) controls.push_back(std::span(curve).subspan(position, count));
    if (draining) {
      if (!inputs.empty()) engine.End();
      engine.Drain(outs, controls, count);
    } else {
      PATCHBAY_RETURN_IF_ERROR(engine.Process(ins, outs, controls, count));
    }
  }
  const int64_t kept = total - plan.latency_frames;
  for (const Clip& output : outputs) {
    Clip trimmed(output.sample_rate_hz(), output.num_channels(), kept);
    for (int c = 0; c < output.num_channels(); ++c) {
      std::ranges::copy(output.channel(c).subspan(plan.latency_frames), trimmed.channel(c).begin());
    }
    results.outputs.push_back(std::move(trimmed));
  }
  for (size_t i = 0; i < curves.size(); ++i) {
    const int64_t latency = plan.control_outputs[i].latency_frames;
    results.curves.emplace_back(curves[i].begin() + latency, curves[i].begin() + latency + kept);
  }
  return absl::OkStatus();
}

absl::Status RunStages(const SessionPlan& session, const Limits& limits,
                       const std::vector<Clip>& inputs, int64_t num_frames,
                       const std::function<bool()>& cancelled, Results& results) {
  PATCHBAY_ASSIGN_OR_RETURN(const std::unique_ptr<Pipeline> pipeline,
                            Pipeline::Create(session.graph, session.plan_inputs, limits.plan));
  const auto progress = [&](const NodeWork&) -> absl::Status {
    if (cancelled()) return absl::CancelledError("the call was cancelled");
    return absl::OkStatus();
  };
  std::vector<ClipReader> readers;
  for (const Clip& input : inputs) readers.emplace_back(input, kSliceFrames);
  for (int64_t position = 0; position < num_frames;) {
    const int count = static_cast<int>(std::min<int64_t>(kSliceFrames, num_frames - position));
    std::vector<ConstBlock> ins;
    for (ClipReader& reader : readers) ins.push_back(reader.Read(position, count));
    PATCHBAY_RETURN_IF_ERROR(pipeline->Push(ins, count));
    position += count;
    if (position == num_frames) pipeline->End();
    for (bool more = true; more;) {
      PATCHBAY_ASSIGN_OR_RETURN(more, pipeline->Work(progress));
    }
  }
  const std::vector<Lane>& outputs = *pipeline->outputs();
  for (size_t o = 0; o < outputs.size(); ++o) {
    FrameQueue& queue = pipeline->audio(static_cast<int>(o));
    Clip& clip = results.outputs.emplace_back(outputs[o].sample_rate_hz, queue.num_channels(),
                                              queue.num_frames());
    for (int64_t first = 0; const int count = queue.num_ready(); first += count) {
      Copy(queue.Front(count), clip.Frames(first, count));
      queue.Pop(count);
    }
  }
  for (size_t i = 0; i < pipeline->control_outputs().size(); ++i) {
    FrameQueue& queue = pipeline->control(static_cast<int>(i));
    const auto values = queue.Front(queue.num_frames()).channel(0);
    results.curves.emplace_back(values.begin(), values.end());
  }
  return absl::OkStatus();
}

absl::Status CheckResults(const Results& results, int max_message_bytes) {
  int64_t bytes = 0;
  for (const Clip& clip : results.outputs) bytes += clip.num_channels() * clip.num_frames();
  for (const std::vector<float>& curve : results.curves) bytes += curve.size();
  return CheckBytes(bytes * static_cast<int64_t>(sizeof(float)), max_message_bytes);
}

}  // namespace

absl::Status RunClips(const v1::ProcessClipsRequest& request, const Limits& limits,
                      const std::function<bool()>& cancelled, v1::ProcessClipsResponse* response) {
  v1::SessionConfig config = request.config();
  if (config.source_case() == v1::SessionConfig::kCheckpoint || config.inputs_size() > 0) {
    return absl::InvalidArgumentError(
        "ProcessClips takes a description, and formats from the clips themselves");
  }
  std::vector<Clip> inputs;
  int64_t num_frames = 0;
  for (int i = 0; i < request.inputs_size(); ++i) {
    absl::StatusOr<Clip> clip =
        DecodeClip(request.inputs(i), limits.plan.max_channels, limits.plan.max_sample_rate_hz);
    if (!clip.ok()) return Prefixed(absl::StrCat("input ", i, ": "), clip.status());
    num_frames = std::max(num_frames, clip->num_frames());
    *config.add_inputs() = request.inputs(i).format();
    inputs.push_back(*std::move(clip));
  }
  PATCHBAY_ASSIGN_OR_RETURN(const SessionPlan session, ResolveConfig(config, limits));
  const Plan& plan = *session.plan;
  if (inputs.empty()) {
    num_frames = request.num_frames() > 0 ? request.num_frames() : plan.length_frames.value_or(0);
    if (num_frames == 0) {
      return InvalidArgument(
          "the description never ends: set num_frames, or duration_seconds of its generator",
          {.path = "num_frames"});
    }
  }
  Results results;
  const absl::Time start = absl::Now();
  if (session.is_staged) {
    PATCHBAY_RETURN_IF_ERROR(RunStages(session, limits, inputs, num_frames, cancelled, results));
    PATCHBAY_RETURN_IF_ERROR(CheckResults(results, limits.max_message_bytes));
  } else {
    const int64_t longest = num_frames + plan.latency_frames + plan.tail_frames;
    PATCHBAY_RETURN_IF_ERROR(CheckSize(plan, longest, limits.max_message_bytes));
    PATCHBAY_ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine, Engine::Create(session.plan));
    PATCHBAY_RETURN_IF_ERROR(Run(*engine, inputs, num_frames, cancelled, results));
  }
  v1::Statistics statistics;
  statistics.set_frames(num_frames);
  statistics.set_chunks(1);
  *statistics.mutable_compute_time() = ToProtoDuration(absl::Now() - start);
  for (const Clip& output : results.outputs) {
    *response->add_outputs() = EncodeClip(output, config.options().output_encoding());
  }
  for (size_t i = 0; i < results.curves.size(); ++i) {
    v1::ControlChunk* const chunk = response->add_controls();
    chunk->set_stream(static_cast<int>(i));
    chunk->set_frames_per_value(1);
    chunk->set_values(results.curves[i].data(), sizeof(float) * results.curves[i].size());
  }
  *response->mutable_report() = ToReport(session, statistics);
  return absl::OkStatus();
}

}  // namespace patchbay
