#include "processors/graph/text_test_registry.h"

#include <utility>

namespace patchbay::testing {
namespace {

void Add(Registry& registry, std::string name, std::vector<ParameterSpec> parameters,
         std::vector<PortSpec> inputs = {{.name = "in", .doc = "The audio."}}) {
  for (ParameterSpec& parameter : parameters) {
    parameter.minimum = -1000;
    parameter.maximum = 20000;
    parameter.doc = "A parameter.";
  }
  registry.Register({.spec = {.name = name,
                              .summary = "A test.",
                              .doc = "A test.",
                              .category = "tests",
                              .example = name,
                              .inputs = std::move(inputs),
                              .parameters = std::move(parameters)}});
}

}  // namespace

const Registry& TextTestRegistry() {
  static const Registry* const kRegistry = [] {
    auto* const registry = new Registry;
    Add(*registry, "gain", {{.name = "gain_db", .unit = Unit::kDecibels}});
    Add(*registry, "highpass",
        {{.name = "cutoff_hz", .unit = Unit::kHertz},
         {.name = "order", .type = ParameterType::kInteger}});
    Add(*registry, "high_shelf", {{.name = "cutoff_hz", .unit = Unit::kHertz}});
    Add(*registry, "lowpass", {{.name = "cutoff_hz", .unit = Unit::kHertz}});
    Add(*registry, "delay",
        {{.name = "delay_seconds", .unit = Unit::kSeconds}, {.name = "feedback"}});
    Add(*registry, "compressor",
        {{.name = "threshold_db", .unit = Unit::kDecibels},
         {.name = "attack_seconds", .unit = Unit::kSeconds},
         {.name = "linked", .type = ParameterType::kBoolean}},
        {{.name = "in", .doc = "The audio."},
         {.name = "sidechain", .doc = "What is measured.", .optional = true}});
    Add(*registry, "oscillator",
        {{.name = "waveform",
          .type = ParameterType::kChoice,
          .choices = {"sine", "saw", "square", "it's\na \\ \"choice\"", "true"}},
         {.name = "frequency_hz", .unit = Unit::kHertz},
         {.name = "phase", .unit = Unit::kCycles}},
        {});
    Add(*registry, "mix", {{.name = "weights", .type = ParameterType::kNumberList}},
        {{.name = "in", .doc = "The clips.", .repeated = true}});
    Add(*registry, "convolution",
        {{.name = "impulse", .type = ParameterType::kClip, .required = true}});
    Add(*registry, "invert", {});
    return registry;
  }();
  return *kRegistry;
}

}  // namespace patchbay::testing
