// What every processor that does not stream promises. A new one is covered without an edit here.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "processors/core/registry.h"
#include "processors/graph/pipeline.h"
#include "processors/graph/text_form.h"
#include "tests/contract/subject.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

absl::Status Ignore(const NodeWork&) { return absl::OkStatus(); }

// All that comes out, output by output and channel by channel.
using Samples = std::vector<std::vector<float>>;

absl::StatusOr<Samples> Render(const Subject& subject, int chunk_frames) {
  const auto graph = ToGraph(subject.expression, subject.inputs, {});
  if (!graph.ok()) return graph.status();
  auto pipeline = Pipeline::Create(std::make_shared<const Graph>(*graph), subject.inputs, {});
  if (!pipeline.ok()) return pipeline.status();
  const int64_t total = subject.audio[0].num_frames();
  for (int64_t position = 0; position < total;) {
    const int count = static_cast<int>(std::min<int64_t>(chunk_frames, total - position));
    std::vector<ConstBlock> ins;
    for (const Clip& clip : subject.audio) ins.push_back(clip.Frames(position, count));
    const absl::Status pushed = (*pipeline)->Push(ins, count);
    if (!pushed.ok()) return pushed;
    position += count;
    for (bool more = true; more;) {
      const auto worked = (*pipeline)->Work(&Ignore);
      if (!worked.ok()) return worked.status();
      more = *worked;
    }
  }
  (*pipeline)->End();
  for (bool more = true; more;) {
    const auto worked = (*pipeline)->Work(&Ignore);
    if (!worked.ok()) return worked.status();
    more = *worked;
  }
  Samples samples;
  if ((*pipeline)->outputs() == nullptr) return absl::InternalError("no outputs");
  for (size_t o = 0; o < (*pipeline)->outputs()->size(); ++o) {
    FrameQueue& queue = (*pipeline)->audio(static_cast<int>(o));
    const ConstBlock all = queue.Front(queue.num_frames());
    for (int c = 0; c < all.num_channels(); ++c) {
      samples.emplace_back(all.channel(c).begin(), all.channel(c).end());
    }
  }
  return samples;
}

bool IsFinite(const Samples& samples) {
  return std::ranges::all_of(samples, [](const std::vector<float>& channel) {
    return std::ranges::all_of(channel, [](float x) { return std::isfinite(x); });
  });
}

class ClipContractTest : public ::testing::TestWithParam<const ProcessorType*> {
 protected:
  const ProcessorSpec& spec() const { return GetParam()->spec; }

  // Required numbers get something that works.
  Subject NewSubject(int channels, int sample_rate_hz = 48000) const {
    Subject subject = MakeSubject(spec(), channels, sample_rate_hz);
    for (const ParameterSpec& parameter : spec().parameters) {
      if (!parameter.required || parameter.type == ParameterType::kClip) continue;
      auto& value = (*subject.expression.mutable_call()->mutable_arguments())[parameter.name];
      if (parameter.type == ParameterType::kNumberList) {
        value.mutable_numbers()->add_values(parameter.maximum / 2);
      } else {
        value.set_number(parameter.name == "sample_rate_hz" ? 44100 : parameter.minimum);
      }
    }
    return subject;
  }

  std::mt19937_64 random_{42};
};

TEST_P(ClipContractTest, OutputDoesNotDependOnTheChunks) {
  for (const int channels : {1, 2, 5}) {
    const Subject subject = NewSubject(channels);
    const auto whole = Render(subject, 1 << 20);
    if (!whole.ok()) {
      EXPECT_EQ(whole.status().code(), absl::StatusCode::kInvalidArgument) << whole.status();
      continue;
    }
    for (const int chunk : {1, 7, 256, 1000}) {
      const auto pieces = Render(subject, chunk);
      ASSERT_TRUE(pieces.ok()) << pieces.status();
      EXPECT_TRUE(*pieces == *whole) << "chunks of " << chunk << " frames";
    }
  }
}

TEST_P(ClipContractTest, WorksOnOneOrTwoChannels) {
  EXPECT_TRUE(Render(NewSubject(1), 4096).ok() || Render(NewSubject(2), 4096).ok())
      << Render(NewSubject(2), 4096).status();
}

TEST_P(ClipContractTest, FiniteInputGivesFiniteOutputOrAnError) {
  std::vector<Where> settings = {Where::kMinimum, Where::kMaximum};
  settings.insert(settings.end(), 12, Where::kRandom);
  for (const Where where : settings) {
    Subject subject = NewSubject(2);
    SetParameters(spec(), where, random_, subject);
    const auto samples = Render(subject, 4096);
    if (samples.ok()) {
      EXPECT_TRUE(IsFinite(*samples)) << subject.expression.ShortDebugString();
    } else {
      EXPECT_TRUE(absl::IsInvalidArgument(samples.status()) ||
                  absl::IsResourceExhausted(samples.status()))
          << samples.status();
    }
  }
}

TEST_P(ClipContractTest, TakesTheShortestClips) {
  for (const int64_t frames : {0, 1, 2}) {
    Subject subject = NewSubject(2);
    for (Clip& clip : subject.audio) clip = Noise({48000, 2, frames});
    const auto samples = Render(subject, 4096);
    if (samples.ok()) continue;
    EXPECT_EQ(samples.status().code(), absl::StatusCode::kInvalidArgument) << samples.status();
  }
}

TEST_P(ClipContractTest, WorksAtEverySampleRateOrSaysWhyNot) {
  for (const int rate : {1, 8000, 44100, 768000}) {
    const auto samples = Render(NewSubject(2, rate), 4096);
    if (samples.ok()) {
      EXPECT_TRUE(IsFinite(*samples)) << rate << " Hz";
    } else {
      EXPECT_EQ(samples.status().code(), absl::StatusCode::kInvalidArgument) << samples.status();
    }
  }
}

TEST_P(ClipContractTest, ExampleParses) {
  const auto expression = ParseText(spec().example, Registry::Global());
  EXPECT_TRUE(expression.ok()) << expression.status();
}

std::vector<const ProcessorType*> All() {
  std::vector<const ProcessorType*> types;
  for (const ProcessorType* type : Registry::Global().All()) {
    if (type->spec.timing != Timing::kStreaming) types.push_back(type);
  }
  return types;
}

INSTANTIATE_TEST_SUITE_P(Registry, ClipContractTest, ::testing::ValuesIn(All()),
                         [](const auto& info) { return info.param->spec.name; });

}  // namespace
}  // namespace patchbay::testing
