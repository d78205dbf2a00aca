#ifndef PROCESSORS_CORE_PARAMETER_SPEC_H_
#define PROCESSORS_CORE_PARAMETER_SPEC_H_

#include <string>
#include <vector>

namespace patchbay {

enum class ParameterType {
  kNumber,
  kInteger,
  kBoolean,
  kChoice,      // one of `choices`
  kNumberList,  // each within [minimum, maximum]
  kClip,        // audio that the request carries, such as an impulse response
};

// How often a processor reads a parameter.
enum class Rate {
  kFixed,  // once, when the Processor is created
  kBlock,  // re-read at multiples of 32 frames when it moves, and where it steps; constant within a
           // Process call unless ProcessorSpec::takes_held_controls
  kAudio,  // per frame
};

enum class Unit {
  kNone,
  kHertz,
  kDecibels,
  kSeconds,
  kCycles,
  kSemitones,
  kBeatsPerMinute,
  kAny,  // of a control processor: the unit of the parameter that it controls
};

// How a knob should be scaled between minimum and maximum.
enum class Mapping { kLinear, kLogarithmic };

// One row of a processor's parameter table: the only place where a parameter's range, unit and
// default are written. Validation, help, documentation and clients derive from it.
struct ParameterSpec {
  std::string name;  // snake_case, with the unit as suffix: cutoff_hz
  ParameterType type = ParameterType::kNumber;
  Unit unit = Unit::kNone;
  double minimum = 0;
  double maximum = 1;
  double default_value = 0;           // of numbers, integers and booleans (0 or 1)
  Mapping mapping = Mapping::kLinear;
  Rate rate = Rate::kFixed;
  double smoothing_seconds = 0;       // a live change ramps this long, so that it does not click
  std::vector<std::string> choices;   // of kChoice; the first is the default
  bool required = false;              // has no default: kClip, mostly
  std::string doc;                    // one or two sentences
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_PARAMETER_SPEC_H_
