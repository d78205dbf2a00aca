#include "processors/graph/graph_stages.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/graph_order.h"

namespace patchbay {
namespace {

using Node = Graph::Node;
using Operand = Graph::Operand;

// By node: whether it has no inputs, and is moved by nothing but such.
std::vector<bool> WithoutInput(const Graph& graph) {
  std::vector<bool> has_no_input(graph.nodes.size());
  for (const int n : graph.order) {
    const Node& node = graph.nodes[n];
    has_no_input[n] = node.is_processor() && node.type->spec.inputs.empty() &&
                      std::ranges::all_of(OperandsOf(node), [&](const Operand& operand) {
                        return has_no_input[operand.node];
                      });
  }
  return has_no_input;
}

// Where the audio of a node comes from that enters its stage: what puts it out. Of what follows
// different processors that do not stream, neither length nor sample rate need agree.
class Origins {
 public:
  explicit Origins(const Graph& graph) : graph_(graph), origins_(graph.nodes.size()) {}

  // Of a node whose stage, and those of what it takes, are set.
  void Find(int n) {
    const Node& node = graph_.nodes[n];
    std::set<int>& mine = origins_[n];
    mine.clear();
    for (const Operand& operand : OperandsOf(node)) {
      // What moves a node does not change its time, unless that has none.
      if (operand.is_control() && !node.type->spec.inputs.empty()) continue;
      const Node& source = graph_.nodes[operand.node];
      if (source.stage == node.stage && source.streams()) {
        mine.insert(origins_[operand.node].begin(), origins_[operand.node].end());
      } else if (!operand.is_control()) {
        mine.insert(operand.node);
      }
    }
  }

  // Whether a control signal of the same stage is of another time than what it moves.
  bool Differ(int source, int user) const {
    return !origins_[source].empty() && !origins_[user].empty() &&
           !graph_.nodes[user].type->spec.inputs.empty() && origins_[source] != origins_[user];
  }

 private:
  const Graph& graph_;
  std::vector<std::set<int>> origins_;
};

// What has no inputs, and is moved by nothing but such, runs in whatever stage needs it: audio in
// the first, a control signal in all, since it has the same values everywhere.
void PlaceFloating(const std::vector<bool>& has_no_input, Graph& graph) {
  std::vector<std::set<int>> needed(graph.nodes.size());
  for (auto n = graph.order.rbegin(); n != graph.order.rend(); ++n) {
    Node& node = graph.nodes[*n];
    if (has_no_input[*n] && !needed[*n].empty()) node.stage = *needed[*n].begin();
    if (has_no_input[*n] && node.type->spec.outputs.empty()) {
      node.floats = true;
      node.copies = needed[*n];
      node.copies.erase(node.stage);
    }
    for (const Operand& operand : OperandsOf(node)) {
      needed[operand.node].insert(node.stage);
      needed[operand.node].insert(node.copies.begin(), node.copies.end());
    }
  }
}

}  // namespace

absl::Status AssignStages(Graph& graph) {
  const std::vector<bool> has_no_input = WithoutInput(graph);
  Origins origins(graph);
  // Loops need several rounds; a loop through a node that does not stream would never settle.
  bool settled = false;
  for (size_t round = 0; !settled; ++round) {
    settled = true;
    for (const int n : graph.order) {
      Node& node = graph.nodes[n];
      int stage = node.stage;
      for (const Operand& operand : OperandsOf(node)) {
        stage = std::max(stage, graph.nodes[operand.node].output_stage());
      }
      settled = settled && stage == node.stage;
      node.stage = stage;
      origins.Find(n);
      for (const auto& [parameter, operand] : node.controls) {
        const Node& source = graph.nodes[operand.node];
        if (source.stage != node.stage || !origins.Differ(operand.node, n)) continue;
        // A stage later, it is read as a function of time.
        ++node.stage;
        settled = false;
        origins.Find(n);
      }
    }
    if (round > graph.order.size() + 1) {
      return absl::InvalidArgumentError(
          "a loop goes through a processor that does not stream n frames in, n frames out: take "
          "it out of the loop");
    }
  }
  PlaceFloating(has_no_input, graph);
  return absl::OkStatus();
}

}  // namespace patchbay
