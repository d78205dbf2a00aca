#ifndef PROCESSORS_CORE_PROCESSOR_SPEC_H_
#define PROCESSORS_CORE_PROCESSOR_SPEC_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "processors/core/parameter_spec.h"

namespace patchbay {

// An audio input or output of a processor.
struct PortSpec {
  std::string name;
  std::string doc;
  int min_channels = 1;
  int max_channels = 64;
  bool optional = false;  // may be left unconnected (a sidechain)
  bool repeated = false;  // any number of streams, at least one (in a mixer, out of a chopper); only
                          // as last input, only as first output
};

// A control signal that a processor puts out, one value per frame.
struct ControlOutputSpec {
  std::string name;
  Unit unit = Unit::kNone;
  std::string doc;
};

enum class Timing {
  kStreaming,  // n frames in, n frames out, at once
  kResizing,   // n in, m out, still streaming
  kWholeClip,  // must see its inputs to the end
};

// The static table of a processor: all that help, documentation, validation and clients need.
struct ProcessorSpec {
  std::string name;      // snake_case, the name in Descriptions
  std::string summary;   // one line
  std::string doc;       // details: algorithm, source, what each mode does
  std::string category;  // the family's folder: "filters"
  std::string example;   // an expression in the text form
  int version = 1;       // raised when the meaning of a State's bytes or the sound changes
  Timing timing = Timing::kStreaming;
  bool in_place = false;       // a Mutator: Process may be given the same memory as ins[0], outs[0]
  bool checkpointable = true;  // its State can be saved and restored
  bool takes_held_controls = false;  // parameters of rate block may change within a call: a value
                                     // per frame, of which HeldUntil (control.h) finds the changes
  bool may_close_loop = false; // a delay: see Layout::loop_frames
  std::vector<PortSpec> inputs = {{.name = "in", .doc = "The audio."}};
  std::vector<PortSpec> outputs = {{.name = "out", .doc = "The processed audio."}};
  std::vector<ControlOutputSpec> control_outputs;
  std::vector<ParameterSpec> parameters;

  // One audio clip in, one audio clip out: can be multiplexed over a collection.
  bool is_simple() const;

  // Position in `parameters`, or -1.
  int FindParameter(absl::string_view parameter_name) const;
};

// Every defect of the table itself (unnamed parameter, default out of range, bad suffix...), one
// a line; empty if it is sound. Run at registration, so that a wrong table fails at start-up.
std::string Defects(const ProcessorSpec& spec);

}  // namespace patchbay

#endif  // PROCESSORS_CORE_PROCESSOR_SPEC_H_
