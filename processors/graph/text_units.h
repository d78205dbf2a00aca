#ifndef PROCESSORS_GRAPH_TEXT_UNITS_H_
#define PROCESSORS_GRAPH_TEXT_UNITS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "processors/core/parameter_spec.h"

namespace patchbay {

// A number with a unit, such as (5, "ms"), in the parameter's own unit. INVALID_ARGUMENT for a unit
// that is unknown or does not fit the parameter. Every unit fits Unit::kAny: it becomes Hz, dB,
// seconds, cycles, semitones, bpm or a plain number.
absl::StatusOr<double> ConvertUnit(double number, absl::string_view unit,
                                   const ParameterSpec& parameter);

// The frequency in Hz of a note in scientific pitch notation, equal temperament with A4 = 440 Hz:
// "A4", "C#5", "Bb3". Nothing if it is no note.
std::optional<double> NoteFrequency(absl::string_view note);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_UNITS_H_
