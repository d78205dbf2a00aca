#include "processors/graph/text_test_registry.h"

#include <utility>

namespace patchbay::testing {
namespace {

void Add(Registry& registry, ProcessorSpec spec) {
  for (ParameterSpec& parameter : spec.parameters) {
    parameter.minimum = -1000;
    parameter.maximum = 20000;
    parameter.doc = "A parameter.";
  }
  spec.summary = "A test.";
  spec.doc = "A test.";
  spec.category = "tests";
  spec.example = spec.name;
  registry.Register({.spec = std::move(spec)});
}

// Audio through one processor, with nothing to control.
void AddFixed(Registry& registry, std::string name, std::vector<ParameterSpec> parameters) {
  Add(registry, {.name = std::move(name), .parameters = std::move(parameters)});
}

}  // namespace

const Registry& TextTestRegistry() {
  static const Registry* const kRegistry = [] {
    auto* const registry = new Registry;
    AddFixed(*registry, "highpass",
             {{.name = "cutoff_hz", .unit = Unit::kHertz},
              {.name = "order", .type = ParameterType::kInteger}});
    AddFixed(*registry, "high_shelf", {{.name = "cutoff_hz", .unit = Unit::kHertz}});
    AddFixed(*registry, "lowpass", {{.name = "cutoff_hz", .unit = Unit::kHertz}});
    AddFixed(*registry, "convolution",
             {{.name = "impulse", .type = ParameterType::kClip, .required = true}});
    AddFixed(*registry, "invert", {});
    AddFixed(*registry, "gain",
             {{.name = "gain_db", .unit = Unit::kDecibels, .rate = Rate::kAudio}});
    AddFixed(*registry, "delay",
             {{.name = "delay_seconds", .unit = Unit::kSeconds, .rate = Rate::kAudio},
              {.name = "feedback", .rate = Rate::kBlock}});
    AddFixed(*registry, "sweep",
             {{.name = "center_hz", .unit = Unit::kHertz, .rate = Rate::kBlock},
              {.name = "interval_semitones", .unit = Unit::kSemitones, .rate = Rate::kBlock},
              {.name = "tempo_bpm", .unit = Unit::kBeatsPerMinute, .rate = Rate::kBlock},
              {.name = "balance", .unit = Unit::kCycles}});
    Add(*registry, {.name = "compressor",
                    .inputs = {{.name = "in", .doc = "The audio."},
                               {.name = "sidechain", .doc = "What is measured.", .optional = true}},
                    .parameters = {{.name = "threshold_db", .unit = Unit::kDecibels},
                                   {.name = "attack_seconds", .unit = Unit::kSeconds},
                                   {.name = "linked", .type = ParameterType::kBoolean}}});
    Add(*registry,
        {.name = "oscillator",
         .inputs = {},
         .parameters = {{.name = "waveform",
                         .type = ParameterType::kChoice,
                         .choices = {"sine", "saw", "square", "it's\na \\ \"choice\"", "true"}},
                        {.name = "frequency_hz", .unit = Unit::kHertz, .rate = Rate::kAudio},
                        {.name = "phase", .unit = Unit::kCycles}}});
    Add(*registry, {.name = "mix",
                    .inputs = {{.name = "in", .doc = "The clips.", .repeated = true}},
                    .parameters = {{.name = "weights", .type = ParameterType::kNumberList}}});
    Add(*registry,
        {.name = "follower",
         .outputs = {},
         .control_outputs = {{.name = "level", .doc = "Level."}, {.name = "peak", .doc = "Peak."}},
         .parameters = {{.name = "release_seconds", .unit = Unit::kSeconds}}});
    Add(*registry, {.name = "lfo",
                    .inputs = {},
                    .outputs = {},
                    .control_outputs = {{.name = "out", .unit = Unit::kAny, .doc = "The wave."}},
                    .parameters = {{.name = "rate_hz", .unit = Unit::kHertz, .rate = Rate::kBlock},
                                   {.name = "depth", .unit = Unit::kAny, .rate = Rate::kBlock}}});
    return registry;
  }();
  return *kRegistry;
}

}  // namespace patchbay::testing
