#ifndef PROCESSORS_GRAPH_GRAPH_H_
#define PROCESSORS_GRAPH_GRAPH_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "patchbay/v1/description.pb.h"
#include "processors/core/registry.h"
#include "processors/graph/limits.h"

namespace patchbay {

// The clips that a Description names.
using ClipMap = std::map<std::string, std::shared_ptr<const Clip>>;

// What the names of a Description may refer to beside its own.
struct GraphInputs {
  int num_inputs = 0;
  std::vector<std::string> input_names;  // none, or one for each input
  ClipMap clips;
};

// A Description with its names resolved and its constant parameters checked. How many clips flow
// along it, and in which format, is not known here: that is for Plan.
struct Graph {
  // What something takes: the audio of a node, any number of clips, or one of its control outputs.
  struct Operand {
    int node = -1;
    int control_output = -1;  // -1: its audio

    bool is_control() const { return control_output >= 0; }
    bool operator==(const Operand&) const = default;
  };

  struct Node {
    enum class Kind {
      kInput,  // an input of the session, or all of them (index -1)
      kProcessor,
      kList,    // the clips of all operands of ports[0]
      kItem,    // clip number `index` of the operand ports[0]
      kAlias,   // ports[0], defined later; none are left in a finished graph
      kSignal,  // a control signal by itself, as operand only
    };
    Kind kind = Kind::kProcessor;
    std::string name;  // of a processor
    const ProcessorType* type = nullptr;
    std::vector<Parameters> parameters;       // of a processor: one
    std::vector<std::vector<Operand>> ports;  // per input port; empty: unconnected
    std::map<int, Operand> controls;          // by parameter
    std::map<int, v1::ControlSignal> curves;  // by parameter
    v1::ControlSignal signal;
    int index = -1;
    // Its input closes a loop: it runs before what feeds it.
    bool cuts_loop = false;
    // The part of the graph it runs in: what follows a node that does not stream is one stage
    // later.
    int stage = 0;
    // A control processor that depends on nothing but time: it runs at the rate of whatever it
    // moves, in `stage` and once more in each of `copies`.
    bool floats = false;
    std::set<int> copies;

    bool is_processor() const { return kind == Kind::kProcessor; }
    bool streams() const { return !is_processor() || type->spec.timing == Timing::kStreaming; }
    // The stage from which on its outputs can be used.
    int output_stage() const { return streams() ? stage : stage + 1; }
    bool runs_in(int s) const { return s == stage || copies.count(s) > 0; }
  };

  std::vector<Node> nodes;
  std::vector<int> order;             // of those that are used: each after what feeds it
  std::vector<Operand> outputs;       // in the order of the Description
  std::vector<std::string> warnings;  // definitions that nobody uses

  int num_stages() const;

  // INVALID_ARGUMENT with the path of the node and parameter.
  static absl::StatusOr<Graph> Create(const v1::Expression& expression, const GraphInputs& inputs,
                                      const PlanLimits& limits);
};

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_GRAPH_H_
