#include "tests/testing/run_clips.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "processors/core/clip_processor.h"
#include "processors/core/errors.h"
#include "processors/core/registry.h"
#include "processors/core/resizing_processor.h"

namespace patchbay::testing {
namespace {

constexpr int kControlFrames = 32;

absl::StatusOr<Clip> Resize(const ResizingProcessor& processor, const Parameters& parameters,
                            const Layout& layout, const Clip& clip, const RunOptions& options) {
  const int rate =
      layout.output_sample_rate_hz > 0 ? layout.output_sample_rate_hz : clip.sample_rate_hz();
  FrameQueue out(layout.output_channels[0]);
  const std::unique_ptr<ResizingState> state = processor.NewState();
  int64_t position = 0;
  for (size_t chunk = 0; position < clip.num_frames() || chunk == 0; ++chunk) {
    int64_t limit = clip.num_frames();
    if (!options.automation.empty()) {
      limit = std::min(limit, position - position % kControlFrames + kControlFrames);
    }
    const int count = static_cast<int>(std::min<int64_t>(
        {options.chunk_frames[chunk % options.chunk_frames.size()], limit - position, kMaxFrames}));
    std::vector<Control> controls;
    for (const ParameterSpec& spec : parameters.spec().parameters) {
      const auto curve = options.automation.find(spec.name);
      if (spec.rate == Rate::kFixed) {
        controls.emplace_back();
      } else if (curve == options.automation.end()) {
        controls.emplace_back(static_cast<float>(parameters.number(spec.name)));
      } else if (spec.rate == Rate::kBlock) {
        controls.emplace_back(curve->second.at(position - position % kControlFrames));
      } else {
        controls.emplace_back(std::span(curve->second).subspan(position, count));
      }
    }
    PATCHBAY_RETURN_IF_ERROR(state->Process({.in = clip.Frames(position, count),
                                             .controls = controls,
                                             .position_frames = position,
                                             .is_last = position + count == clip.num_frames(),
                                             .out = out}));
    position += count;
  }
  Clip result(rate, out.num_channels(), out.num_frames());
  Copy(out.Front(out.num_frames()), result.Frames(0, out.num_frames()));
  return result;
}

}  // namespace

absl::StatusOr<std::vector<Clip>> RunClips(const std::string& name,
                                           const std::map<std::string, ParameterValue>& values,
                                           const std::vector<Clip>& inputs,
                                           const RunOptions& options) {
  PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* type, Registry::Global().Find(name));
  PATCHBAY_ASSIGN_OR_RETURN(const Parameters parameters,
                            Parameters::Create(type->spec, values, name));
  if (type->spec.timing == Timing::kStreaming || inputs.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": RunClips cannot run this"));
  }
  StreamFormat format = {.sample_rate_hz = inputs[0].sample_rate_hz()};
  for (const Clip& clip : inputs) format.input_channels.push_back(clip.num_channels());
  PATCHBAY_ASSIGN_OR_RETURN(const Layout layout, type->plan(parameters, format));
  PATCHBAY_ASSIGN_OR_RETURN(const std::shared_ptr<const Processor> processor,
                            type->create(parameters, format));
  if (type->spec.timing == Timing::kWholeClip) {
    return static_cast<const ClipProcessor&>(*processor).Run(inputs, [](double) {
      return absl::OkStatus();
    });
  }
  PATCHBAY_ASSIGN_OR_RETURN(Clip result, Resize(static_cast<const ResizingProcessor&>(*processor),
                                                parameters, layout, inputs[0], options));
  std::vector<Clip> results;
  results.push_back(std::move(result));
  return results;
}

std::vector<Clip> RunClipsOrDie(const std::string& processor,
                                const std::map<std::string, ParameterValue>& parameters,
                                const std::vector<Clip>& inputs, const RunOptions& options) {
  absl::StatusOr<std::vector<Clip>> result = RunClips(processor, parameters, inputs, options);
  if (!result.ok()) {
    ADD_FAILURE() << processor << ": " << result.status();
    return {};
  }
  return *std::move(result);
}

}  // namespace patchbay::testing
