#include "server/streaming_run.h"

#include <algorithm>
#include <utility>

#include "processors/core/errors.h"
#include "server/sample_codec.h"

namespace patchbay {
namespace {

// Between two looks at whether to go on: at the speed of real time, some 40 ms.
constexpr int kSliceFrames = 2048;

bool IsPlanar(v1::SampleEncoding encoding) {
  return encoding == v1::SAMPLE_ENCODING_UNSPECIFIED ||
         encoding == v1::SAMPLE_ENCODING_FLOAT32_PLANAR;
}

Block Samples(const OutgoingAudio& audio, int num_channels, int num_frames) {
  return {reinterpret_cast<float*>(audio.samples), num_channels, num_frames, num_frames};
}

}  // namespace

absl::StatusOr<std::unique_ptr<StreamingRun>> StreamingRun::Create(const SessionPlan& plan) {
  PATCHBAY_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine, Engine::Create(plan.plan));
  return std::unique_ptr<StreamingRun>(new StreamingRun(plan, std::move(engine)));
}

StreamingRun::StreamingRun(const SessionPlan& plan, std::unique_ptr<Engine> engine)
    : plan_(plan),
      engine_(std::move(engine)),
      is_planar_(IsPlanar(plan.options.output_encoding())),
      takes_messages_(engine_->works_in_place() && is_planar_ &&
                      IsPlanar(plan.inputs[0].encoding()) && !plan.options.compensate_latency()),
      skipped_frames_(plan.options.compensate_latency() ? plan.plan->latency_frames : 0) {}

int64_t StreamingRun::output_frames() const {
  return std::max<int64_t>(0, engine_->position_frames() - skipped_frames_);
}

int StreamingRun::HiddenFrames(int64_t latency_frames, int64_t start, int num_frames) {
  return static_cast<int>(std::clamp<int64_t>(latency_frames - start, 0, num_frames));
}

absl::Status StreamingRun::Compute(std::span<const ConstBlock> ins, std::span<const Block> outs,
                                   std::span<const std::span<float>> control_outs, int num_frames,
                                   const NodeProgress& progress) {
  std::vector<ConstBlock> some_ins(ins.size());
  std::vector<Block> some_outs(outs.size());
  std::vector<std::span<float>> some_controls(control_outs.size());
  for (int done = 0; done < num_frames;) {
    const int count = std::min(kSliceFrames, num_frames - done);
    for (size_t i = 0; i < ins.size(); ++i) some_ins[i] = ins[i].Frames(done, count);
    for (size_t i = 0; i < outs.size(); ++i) some_outs[i] = outs[i].Frames(done, count);
    for (size_t i = 0; i < control_outs.size(); ++i) {
      some_controls[i] = control_outs[i].subspan(done, count);
    }
    if (ins.empty()) {
      engine_->Drain(some_outs, some_controls, count);
    } else {
      PATCHBAY_RETURN_IF_ERROR(engine_->Process(some_ins, some_outs, some_controls, count));
    }
    done += count;
    PATCHBAY_RETURN_IF_ERROR(progress({.frames = engine_->position_frames()}));
  }
  return absl::OkStatus();
}

absl::Status StreamingRun::PushMessage(const IncomingAudio& audio, int num_frames,
                                       const NodeProgress& progress, Replies& replies) {
  OutgoingAudio out =
      EncodeAudio(AudioDirection::kResponse, 0, engine_->position_frames(), audio.num_bytes());
  audio.Copy(0, audio.num_bytes(), out.samples);
  const Block block = Samples(out, plan_.inputs[0].num_channels(), num_frames);
  const ConstBlock in = block;
  PATCHBAY_RETURN_IF_ERROR(Compute({&in, 1}, {&block, 1}, {}, num_frames, progress));
  replies.push_back(out.Buffer());
  return absl::OkStatus();
}

absl::Status StreamingRun::Push(std::span<const ConstBlock> ins, int num_frames,
                                const NodeProgress& progress, Replies& replies) {
  const Plan& plan = *plan_.plan;
  const int64_t start = engine_->position_frames();
  const int64_t first_output = output_frames();
  const int skipped = HiddenFrames(skipped_frames_, start, num_frames);

  // Planar output is computed where it is sent from.
  const bool direct = skipped == 0 && is_planar_;
  std::vector<OutgoingAudio> messages;
  std::vector<Clip> clips;
  std::vector<Block> outs;
  for (size_t o = 0; o < plan.outputs.size(); ++o) {
    const int channels = plan.edges[plan.outputs[o]].num_channels;
    if (direct) {
      messages.push_back(EncodeAudio(AudioDirection::kResponse, static_cast<int>(o), first_output,
                                     sizeof(float) * channels * num_frames));
      outs.push_back(Samples(messages.back(), channels, num_frames));
    } else {
      clips.emplace_back(plan.sample_rate_hz, channels, num_frames);
      outs.push_back(clips.back().Frames(0, num_frames));
    }
  }
  std::vector<std::vector<float>> curves(plan.control_outputs.size(),
                                         std::vector<float>(num_frames));
  const std::vector<std::span<float>> control_outs(curves.begin(), curves.end());
  PATCHBAY_RETURN_IF_ERROR(Compute(ins, outs, control_outs, num_frames, progress));

  const v1::SampleEncoding encoding = plan_.options.output_encoding();
  const int shown = num_frames - skipped;
  for (size_t o = 0; o < outs.size() && shown > 0; ++o) {
    if (!direct) {
      const size_t bytes = size_t{1} * shown * FrameBytes(encoding, outs[o].num_channels());
      messages.push_back(
          EncodeAudio(AudioDirection::kResponse, static_cast<int>(o), first_output, bytes));
      EncodeSamples(outs[o].Frames(skipped, shown), encoding, {messages.back().samples, bytes});
    }
    replies.push_back(messages[o].Buffer());
  }
  EmitControls(curves, start, replies);
  return absl::OkStatus();
}

void StreamingRun::EmitControls(const std::vector<std::vector<float>>& curves, int64_t start,
                                Replies& replies) {
  for (size_t i = 0; i < curves.size(); ++i) {
    const int num_frames = static_cast<int>(curves[i].size());
    const int64_t latency = plan_.plan->control_outputs[i].latency_frames;
    const int before = HiddenFrames(latency, start, num_frames);
    if (before == num_frames) continue;
    v1::ProcessResponse response;
    v1::ControlChunk* const chunk = response.mutable_control();
    chunk->set_stream(static_cast<int>(i));
    chunk->set_start_frame(start + before - latency);
    chunk->set_frames_per_value(1);
    chunk->set_values(curves[i].data() + before, sizeof(float) * (num_frames - before));
    replies.push_back(EncodeMessage(response));
  }
}

}  // namespace patchbay
