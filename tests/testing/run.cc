#include "tests/testing/run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "processors/core/denormals.h"
#include "processors/core/errors.h"
#include "processors/core/registry.h"

namespace patchbay::testing {
namespace {

constexpr int kControlFrames = 32;

// One input clip followed by silence.
class PaddedInput {
 public:
  explicit PaddedInput(const Clip& clip) : clip_(clip) {}

  ConstBlock Read(int64_t first, int count) {
    buffer_ = Clip(clip_.sample_rate_hz(), clip_.num_channels(), count);
    const int64_t available = std::clamp<int64_t>(clip_.num_frames() - first, 0, count);
    for (int c = 0; c < clip_.num_channels() && available > 0; ++c) {
      std::ranges::copy(clip_.channel(c).subspan(first, available), buffer_.channel(c).begin());
    }
    return std::as_const(buffer_).Frames(0, count);
  }

 private:
  const Clip& clip_;
  Clip buffer_;
};

std::vector<Control> Controls(const Parameters& parameters, const RunOptions& options,
                              int64_t position, int count) {
  std::vector<Control> controls;
  for (const ParameterSpec& spec : parameters.spec().parameters) {
    const auto automated = options.automation.find(spec.name);
    if (spec.rate == Rate::kFixed) {
      controls.emplace_back();
    } else if (automated == options.automation.end()) {
      controls.emplace_back(static_cast<float>(parameters.number(spec.name)));
    } else if (spec.rate == Rate::kBlock && !options.hold_controls) {
      controls.emplace_back(automated->second.at(position - position % kControlFrames));
    } else {
      controls.emplace_back(std::span(automated->second).subspan(position, count));
    }
  }
  return controls;
}

}  // namespace

absl::StatusOr<RunResult> Run(const std::string& name,
                              const std::map<std::string, ParameterValue>& values,
                              const std::vector<Clip>& inputs, const RunOptions& options) {
  PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* type, Registry::Global().Find(name));
  if (type->spec.timing != Timing::kStreaming) {
    return absl::InvalidArgumentError(absl::StrCat(name, " is not streaming: use RunClips"));
  }
  PATCHBAY_ASSIGN_OR_RETURN(const Parameters parameters,
                            Parameters::Create(type->spec, values, name));
  StreamFormat format = {.sample_rate_hz = options.sample_rate_hz};
  int64_t end = 0;
  std::vector<PaddedInput> padded;
  for (const Clip& clip : inputs) {
    format.sample_rate_hz = clip.sample_rate_hz();
    format.input_channels.push_back(clip.num_channels());
    end = clip.num_frames();
    padded.emplace_back(clip);
  }
  for (size_t i = inputs.size(); i < type->spec.inputs.size(); ++i) {
    if (type->spec.inputs[i].optional) format.input_channels.push_back(0);
  }
  PATCHBAY_ASSIGN_OR_RETURN(const Layout layout, type->plan(parameters, format));
  PATCHBAY_ASSIGN_OR_RETURN(const std::shared_ptr<const Processor> processor,
                            type->create(parameters, format));
  if (inputs.empty()) end = layout.length_frames.value_or(0);
  const int64_t total = options.num_frames >= 0 ? options.num_frames
                                                : end + layout.latency_frames + layout.tail_frames;

  RunResult result = {.layout = layout};
  for (const int channels : layout.output_channels) {
    result.outs.emplace_back(format.sample_rate_hz, channels, total);
  }
  result.control_outs.assign(type->spec.control_outputs.size(), std::vector<float>(total));

  const ScopedFlushDenormals flush;
  const auto& streaming = static_cast<const StreamingProcessor&>(*processor);
  std::unique_ptr<State> state = streaming.NewState();
  int64_t position = 0;
  for (size_t chunk = 0; position < total; ++chunk) {
    int64_t limit = total;
    if (position < end) limit = std::min(limit, end);
    if (position < options.reload_at_frame) limit = std::min(limit, options.reload_at_frame);
    if (!options.automation.empty() && !options.hold_controls) {
      limit = std::min(limit, position - position % kControlFrames + kControlFrames);
    }
    const int count = static_cast<int>(std::min<int64_t>(
        {options.chunk_frames[chunk % options.chunk_frames.size()], limit - position, kMaxFrames}));
    if (position == options.reload_at_frame) {
      const std::string saved = state->Save();
      state = streaming.NewState();
      PATCHBAY_RETURN_IF_ERROR(state->Load(saved));
    }
    std::vector<ConstBlock> ins;
    for (PaddedInput& input : padded) ins.push_back(input.Read(position, count));
    ins.resize(format.input_channels.size());
    std::vector<Block> outs;
    for (Clip& out : result.outs) outs.push_back(out.Frames(position, count));
    std::vector<std::span<float>> control_outs;
    for (auto& out : result.control_outs) {
      control_outs.push_back(std::span(out).subspan(position, count));
    }
    if (type->spec.in_place) {
      Copy(ins[0], outs[0]);
      ins[0] = outs[0];
    }
    const std::vector<Control> controls = Controls(parameters, options, position, count);
    state->Process({.ins = ins,
                    .outs = outs,
                    .controls = controls,
                    .control_outs = control_outs,
                    .num_frames = count,
                    .position_frames = position,
                    .end_frame = position + count > end || inputs.empty() ? end : kUnknownEnd});
    position += count;
  }
  return result;
}

RunResult RunOrDie(const std::string& processor,
                   const std::map<std::string, ParameterValue>& parameters,
                   const std::vector<Clip>& inputs, const RunOptions& options) {
  absl::StatusOr<RunResult> result = Run(processor, parameters, inputs, options);
  if (!result.ok()) {
    ADD_FAILURE() << processor << ": " << result.status();
    return {};
  }
  return *std::move(result);
}

}  // namespace patchbay::testing
