// What every streaming processor in the registry promises. A new processor is covered without an
// edit here.

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/core/registry.h"
#include "processors/graph/text_form.h"
#include "tests/contract/subject.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr int64_t kChangesWithin = 4500;

class ContractTest : public ::testing::TestWithParam<const ProcessorType*> {
 protected:
  const ProcessorSpec& spec() const { return GetParam()->spec; }

  // With the channel counts, of 1 to 8, that the processor takes.
  std::vector<Subject> Subjects() const {
    std::vector<Subject> subjects;
    for (int channels = 1; channels <= 8; ++channels) {
      const Subject subject = MakeSubject(spec(), channels);
      const auto engine = subject.NewEngine();
      if (engine.ok()) {
        subjects.push_back(subject);
      } else {
        EXPECT_EQ(engine.status().code(), absl::StatusCode::kInvalidArgument) << engine.status();
      }
      if (spec().inputs.empty()) break;
    }
    EXPECT_FALSE(subjects.empty());
    return subjects;
  }

  std::mt19937_64 random_{42};
};

TEST_P(ContractTest, TakesOneOrTwoChannelsAndEveryCountThatItsPortAllows) {
  if (spec().inputs.empty()) return;
  EXPECT_TRUE(MakeSubject(spec(), 1).NewEngine().ok() || MakeSubject(spec(), 2).NewEngine().ok());
  EXPECT_FALSE(MakeSubject(spec(), spec().inputs[0].max_channels + 1).NewEngine().ok());
}

TEST_P(ContractTest, OutputDoesNotDependOnTheChunks) {
  for (const Subject& subject : Subjects()) {
    const std::vector<Change> changes = RandomChanges(spec(), kChangesWithin, random_);
    const Output whole = Render(subject, {.chunk_frames = 1 << 20, .changes = changes});
    for (const int chunk : {1, 7, 64, 256, 1000, 4096}) {
      EXPECT_TRUE(Render(subject, {.chunk_frames = chunk, .changes = changes}) == whole)
          << "chunks of " << chunk << " frames";
    }
  }
}

TEST_P(ContractTest, OutputDoesNotDependOnTheChunksAtRandomSettings) {
  for (int trial = 0; trial < 8; ++trial) {
    Subject subject = MakeSubject(spec(), 2);
    SetParameters(spec(), Where::kRandom, random_, subject);
    if (!subject.NewEngine().ok()) continue;
    const std::vector<Change> changes = RandomChanges(spec(), kChangesWithin, random_);
    const Output whole = Render(subject, {.chunk_frames = 1 << 20, .changes = changes});
    const int chunk = 1 + static_cast<int>(random_() % 700);
    EXPECT_TRUE(Render(subject, {.chunk_frames = chunk, .changes = changes}) == whole)
        << subject.expression.ShortDebugString() << " in chunks of " << chunk;
  }
}

TEST_P(ContractTest, ResetEqualsANewSession) {
  const Subject subject = Subjects().back();
  std::unique_ptr<Engine> engine = *subject.NewEngine();
  const Play play = {.changes = RandomChanges(spec(), kChangesWithin, random_)};
  const Output first = Render(subject, engine, play);
  engine->Reset();
  EXPECT_TRUE(Render(subject, engine, play) == first);
}

TEST_P(ContractTest, GoesOnFromACheckpointBitExact) {
  if (!spec().checkpointable) return;
  for (Subject& subject : Subjects()) {
    SetParameters(spec(), Where::kRandom, random_, subject);
    if (!subject.NewEngine().ok()) continue;
    Play play = {.chunk_frames = 100, .changes = RandomChanges(spec(), kChangesWithin, random_)};
    const Output unbroken = Render(subject, play);
    for (int trial = 0; trial < 3; ++trial) {
      play.reload_at_frame = static_cast<int64_t>(random_() % 4800);
      EXPECT_TRUE(Render(subject, play) == unbroken) << "saved at frame " << play.reload_at_frame;
    }
  }
}

TEST_P(ContractTest, RefusesADamagedState) {
  const Subject subject = Subjects().front();
  const std::string saved = (*subject.NewEngine())->Save();
  EXPECT_FALSE((*subject.NewEngine())->Load("nonsense").ok());
  // Whatever a byte is changed to, the engine refuses it or runs on safely.
  for (int trial = 0; trial < 50; ++trial) {
    std::string damaged = saved;
    damaged[random_() % damaged.size()] ^= static_cast<char>(1 + random_() % 255);
    std::unique_ptr<Engine> engine = *subject.NewEngine();
    if (!engine->Load(damaged).ok()) continue;
    engine->Reset();
    Render(subject, engine, {});
  }
}

TEST_P(ContractTest, LatencyAndTailAreAsDeclared) {
  const Subject subject = Subjects().front();
  const auto plan = Plan::Create(subject.expression, subject.inputs, {});
  const int64_t latency = (*plan)->latency_frames;
  constexpr int kExtra = 48000;
  const Output output = Render(subject, {.extra_frames = kExtra});
  for (const std::vector<float>& samples : output.samples) {
    EXPECT_EQ(Peak(std::span(samples).first(latency)), 0.0f) << "before the latency is over";
    // The ringing of a filter is not counted as tail: it gets half a second to die away.
    const bool rings = (*plan)->tail_frames == 0;
    const float rest = Peak(std::span(samples).last(rings ? kExtra / 2 : kExtra));
    EXPECT_LT(rest, 1e-3f * 0.5f * 1.05f) << "after the tail";
  }
}

TEST_P(ContractTest, FiniteInputGivesFiniteOutput) {
  std::vector<Where> settings = {Where::kMinimum, Where::kMaximum};
  settings.insert(settings.end(), 20, Where::kRandom);
  for (const Where where : settings) {
    Subject subject = MakeSubject(spec(), 2);
    SetParameters(spec(), where, random_, subject);
    for (Clip& clip : subject.audio) clip = Noise({48000, 2, 5000}, random_(), 100.0f);
    if (!subject.NewEngine().ok()) continue;
    const Play play = {.changes = RandomChanges(spec(), kChangesWithin, random_)};
    EXPECT_TRUE(IsFinite(Render(subject, play))) << subject.expression.ShortDebugString();
  }
}

TEST_P(ContractTest, WorksAtEverySampleRateOrSaysWhyNot) {
  for (const int rate : {1, 11, 8000, 44100, 192000, 768000}) {
    const Subject subject = MakeSubject(spec(), 2, rate);
    const auto engine = subject.NewEngine();
    if (engine.ok()) {
      EXPECT_TRUE(IsFinite(Render(subject, {}))) << rate << " Hz";
    } else {
      EXPECT_EQ(engine.status().code(), absl::StatusCode::kInvalidArgument) << engine.status();
    }
  }
}

TEST_P(ContractTest, DeclaresTheMemoryOfItsState) {
  const Subject subject = Subjects().back();
  std::unique_ptr<Engine> engine = *subject.NewEngine();
  constexpr int64_t kBookkeeping = 4096;
  EXPECT_LE(static_cast<int64_t>(engine->Save().size()), engine->plan().state_bytes + kBookkeeping);
}

TEST_P(ContractTest, ExampleParsesAndPlans) {
  const auto expression = ParseText(spec().example, Registry::Global());
  ASSERT_TRUE(expression.ok()) << expression.status();
  bool planned = false;
  std::string error;
  for (const int num_inputs : {0, 1, 2}) {
    for (const int channels : {1, 2}) {
      PlanInputs inputs = MakeSubject(spec(), 1).inputs;
      inputs.input_channels.assign(num_inputs, channels);
      for (const char* name : {"hall", "impulse", "ir", "room"}) {
        if (!inputs.clips.empty()) inputs.clips[name] = inputs.clips.begin()->second;
      }
      const auto plan = Plan::Create(*expression, inputs, {});
      planned |= plan.ok();
      if (!plan.ok()) error = plan.status().ToString();
    }
  }
  EXPECT_TRUE(planned) << error;
}

std::vector<const ProcessorType*> Streaming() {
  std::vector<const ProcessorType*> types;
  for (const ProcessorType* type : Registry::Global().All()) {
    if (type->spec.timing == Timing::kStreaming) types.push_back(type);
  }
  return types;
}

INSTANTIATE_TEST_SUITE_P(Registry, ContractTest, ::testing::ValuesIn(Streaming()),
                         [](const auto& info) { return info.param->spec.name; });

}  // namespace
}  // namespace patchbay::testing
