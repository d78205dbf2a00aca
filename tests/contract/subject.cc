#include "tests/contract/subject.h"

#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr int kNumFrames = 5000;
constexpr double kDurationSeconds = 0.1;
constexpr int kImpulseFrames = 3000;

std::shared_ptr<const Clip> DecayingNoise(int sample_rate_hz) {
  Clip clip = Noise({sample_rate_hz, 1, kImpulseFrames}, 7);
  for (int i = 0; i < kImpulseFrames; ++i) clip.channel(0)[i] *= std::exp(-i / 500.0f);
  return std::make_shared<const Clip>(std::move(clip));
}

double RandomIn(const ParameterSpec& parameter, std::mt19937_64& random) {
  const double x = std::uniform_real_distribution<double>(0, 1)(random);
  if (parameter.mapping == Mapping::kLogarithmic) {
    return parameter.minimum * std::pow(parameter.maximum / parameter.minimum, x);
  }
  return parameter.minimum + x * (parameter.maximum - parameter.minimum);
}

// Long delays and lengths would only make the tests slow.
double Shortened(const ParameterSpec& parameter, double value) {
  if (parameter.unit != Unit::kSeconds) return value;
  return std::clamp(value, parameter.minimum, std::max(parameter.minimum, 0.3));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Subject::NewEngine() const {
  const auto plan = Plan::Create(expression, inputs, {});
  if (!plan.ok()) return plan.status();
  return Engine::Create(*plan);
}

Subject MakeSubject(const ProcessorSpec& processor, int num_channels, int sample_rate_hz) {
  Subject subject;
  subject.inputs.sample_rate_hz = sample_rate_hz;
  v1::Call& call = *subject.expression.mutable_call();
  call.set_processor(processor.name);
  for (const ParameterSpec& parameter : processor.parameters) {
    v1::Value& value = (*call.mutable_arguments())[parameter.name];
    if (parameter.type == ParameterType::kClip) {
      subject.inputs.clips["clip"] = DecayingNoise(sample_rate_hz);
      value.set_clip("clip");
    } else if (parameter.name == "duration_seconds") {
      value.set_number(kDurationSeconds);
    } else {
      call.mutable_arguments()->erase(parameter.name);
    }
  }
  if (processor.inputs.empty()) return subject;
  // Each port that must be connected gets an input of its own.
  int num_inputs = processor.inputs[0].repeated ? 3 : 1;
  for (size_t p = 1; p < processor.inputs.size(); ++p) {
    if (processor.inputs[p].optional) continue;
    auto& arguments = *call.mutable_arguments();
    arguments[processor.inputs[0].name].mutable_expression()->mutable_input()->set_index(0);
    arguments[processor.inputs[p].name].mutable_expression()->mutable_input()->set_index(
        num_inputs++);
  }
  for (int i = 0; i < num_inputs; ++i) {
    subject.inputs.input_channels.push_back(num_channels);
    subject.audio.push_back(Noise({sample_rate_hz, num_channels, kNumFrames}, 100 + i));
  }
  return subject;
}

void SetParameters(const ProcessorSpec& processor, Where where, std::mt19937_64& random,
                   Subject& subject) {
  auto& arguments = *subject.expression.mutable_call()->mutable_arguments();
  for (const ParameterSpec& parameter : processor.parameters) {
    double number = RandomIn(parameter, random);
    if (where == Where::kMinimum) number = parameter.minimum;
    if (where == Where::kMaximum) number = parameter.maximum;
    number = Shortened(parameter, number);
    switch (parameter.type) {
      case ParameterType::kNumber:
        if (parameter.name == "duration_seconds") number = kDurationSeconds;
        arguments[parameter.name].set_number(number);
        break;
      case ParameterType::kInteger:
        number = std::min(number, parameter.minimum + 100);
        if (parameter.name == "channels") number = std::min(number, 8.0);
        arguments[parameter.name].set_number(std::floor(number));
        break;
      case ParameterType::kBoolean:
        arguments[parameter.name].set_boolean(random() % 2 == 0);
        break;
      case ParameterType::kChoice:
        arguments[parameter.name].set_choice(
            parameter.choices[random() % parameter.choices.size()]);
        break;
      case ParameterType::kNumberList:
      case ParameterType::kClip:
        break;
    }
  }
}

std::vector<Change> RandomChanges(const ProcessorSpec& processor, int64_t num_frames,
                                  std::mt19937_64& random) {
  std::vector<Change> changes;
  for (const ParameterSpec& parameter : processor.parameters) {
    if (parameter.rate == Rate::kFixed) continue;
    for (int i = static_cast<int>(random() % 3); i >= 0; --i) {
      changes.push_back({.parameter = parameter.name,
                         .value = Shortened(parameter, RandomIn(parameter, random)),
                         .frame = static_cast<int64_t>(random() % num_frames)});
    }
  }
  return changes;
}

Output Render(const Subject& subject, std::unique_ptr<Engine>& engine, const Play& play) {
  for (const Change& change : play.changes) {
    EXPECT_TRUE(engine->SetControl("", change.parameter, change.value, change.frame).ok());
  }
  const auto plan = &engine->plan();
  const int64_t input_frames = subject.audio.empty() ? 0 : subject.audio[0].num_frames();
  // What puts out nothing but controls has no length of its own.
  const int64_t endless = plan->outputs.empty() ? kNumFrames : 0;
  const int64_t end = subject.audio.empty() ? plan->length_frames.value_or(endless) : input_frames;
  const int64_t total = end + plan->latency_frames + plan->tail_frames + play.extra_frames;
  std::vector<Clip> outs;
  for (const int edge : plan->outputs) {
    outs.emplace_back(plan->sample_rate_hz, plan->edges[edge].num_channels, total);
  }
  Output output;
  output.controls.assign(plan->control_outputs.size(), std::vector<float>(total));
  while (engine->position_frames() < total) {
    const int64_t position = engine->position_frames();
    if (position == play.reload_at_frame) {
      const std::string saved = engine->Save();
      engine = *subject.NewEngine();
      EXPECT_TRUE(engine->Load(saved).ok());
    }
    int64_t limit = position < input_frames ? input_frames : total;
    if (position < play.reload_at_frame) limit = std::min(limit, play.reload_at_frame);
    const int count = static_cast<int>(std::min<int64_t>(play.chunk_frames, limit - position));
    std::vector<ConstBlock> ins;
    for (const Clip& clip : subject.audio) {
      if (position < input_frames) ins.push_back(clip.Frames(position, count));
    }
    std::vector<Block> out_blocks;
    for (Clip& out : outs) out_blocks.push_back(out.Frames(position, count));
    std::vector<std::span<float>> controls;
    for (auto& curve : output.controls)
      controls.push_back(std::span(curve).subspan(position, count));
    if (!ins.empty()) {
      EXPECT_TRUE(engine->Process(ins, out_blocks, controls, count).ok());
    } else {
      if (!subject.audio.empty()) engine->End();
      engine->Drain(out_blocks, controls, count);
    }
  }
  for (const Clip& out : outs) {
    for (int c = 0; c < out.num_channels(); ++c) {
      output.samples.emplace_back(out.channel(c).begin(), out.channel(c).end());
    }
  }
  return output;
}

Output Render(const Subject& subject, const Play& play) {
  absl::StatusOr<std::unique_ptr<Engine>> engine = subject.NewEngine();
  if (!engine.ok()) {
    ADD_FAILURE() << engine.status();
    return {};
  }
  return Render(subject, *engine, play);
}

bool IsFinite(const Output& output) {
  const auto finite = [](const std::vector<float>& samples) {
    return std::ranges::all_of(samples, [](float x) { return std::isfinite(x); });
  };
  return std::ranges::all_of(output.samples, finite) &&
         std::ranges::all_of(output.controls, finite);
}

float Peak(std::span<const float> samples) {
  float peak = 0;
  for (const float x : samples) peak = std::max(peak, std::abs(x));
  return peak;
}

}  // namespace patchbay::testing
