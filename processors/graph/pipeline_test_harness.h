#ifndef PROCESSORS_GRAPH_PIPELINE_TEST_HARNESS_H_
#define PROCESSORS_GRAPH_PIPELINE_TEST_HARNESS_H_

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "processors/graph/pipeline.h"
#include "processors/graph/text_form.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {

inline constexpr int kRate = 48000;

inline absl::Status Ignore(const NodeWork&) { return absl::OkStatus(); }

inline absl::StatusOr<std::unique_ptr<Pipeline>> Make(const std::string& text,
                                                      std::vector<int> channels = {1},
                                                      const PlanLimits& limits = {},
                                                      int sample_rate_hz = kRate) {
  const auto expression = ParseText(text, Registry::Global());
  if (!expression.ok()) return expression.status();
  const PlanInputs inputs = {.sample_rate_hz = sample_rate_hz, .input_channels = channels};
  const auto graph = ToGraph(*expression, inputs, limits);
  if (!graph.ok()) return graph.status();
  return Pipeline::Create(std::make_shared<const Graph>(*graph), inputs, limits);
}

inline absl::Status WorkOff(Pipeline& pipeline) {
  for (bool more = true; more;) {
    const auto worked = pipeline.Work(&Ignore);
    if (!worked.ok()) return worked.status();
    more = *worked;
  }
  return absl::OkStatus();
}

// The first channel of every output.
inline absl::StatusOr<std::vector<std::vector<float>>> Render(const std::string& text,
                                                              const std::vector<Clip>& inputs,
                                                              int chunk = 1000) {
  std::vector<int> channels;
  for (const Clip& clip : inputs) channels.push_back(clip.num_channels());
  auto pipeline = Make(text, channels);
  if (!pipeline.ok()) return pipeline.status();
  for (int64_t first = 0; first < inputs[0].num_frames(); first += chunk) {
    const int count = static_cast<int>(std::min<int64_t>(chunk, inputs[0].num_frames() - first));
    std::vector<ConstBlock> ins;
    for (const Clip& clip : inputs) ins.push_back(clip.Frames(first, count));
    absl::Status status = (*pipeline)->Push(ins, count);
    if (status.ok()) status = WorkOff(**pipeline);
    if (!status.ok()) return status;
  }
  (*pipeline)->End();
  const absl::Status status = WorkOff(**pipeline);
  if (!status.ok()) return status;
  if ((*pipeline)->outputs() == nullptr) return absl::InternalError("the outputs never got known");
  std::vector<std::vector<float>> outs;
  for (size_t o = 0; o < (*pipeline)->outputs()->size(); ++o) {
    FrameQueue& queue = (*pipeline)->audio(static_cast<int>(o));
    const auto samples = queue.Front(queue.num_frames()).channel(0);
    outs.emplace_back(samples.begin(), samples.end());
  }
  return outs;
}

}  // namespace patchbay::testing

#endif  // PROCESSORS_GRAPH_PIPELINE_TEST_HARNESS_H_
