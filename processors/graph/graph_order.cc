#include "processors/graph/graph_order.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

using Node = Graph::Node;
using Operand = Graph::Operand;

// Depth first, without recursion: a description may be as deep as it is long.
class Sorter {
 public:
  explicit Sorter(const Graph& graph) : graph_(graph), marks_(graph.nodes.size(), Mark::kNew) {}

  // Appends what `root` needs, and `root`, to order(). If a loop is found, it is in loop() and the
  // result is false.
  bool Visit(int root) {
    Enter(root);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      if (frame.next == frame.operands.size()) {
        marks_[frame.node] = Mark::kDone;
        order_.push_back(frame.node);
        path_.pop_back();
        continue;
      }
      const int next = frame.operands[frame.next++].node;
      if (marks_[next] == Mark::kOnPath) {
        const auto first = std::ranges::find(path_, next, &Frame::node);
        for (auto f = first; f != path_.end(); ++f) loop_.push_back(f->node);
        return false;
      }
      if (marks_[next] == Mark::kNew) Enter(next);
    }
    return true;
  }

  const std::vector<int>& order() const { return order_; }
  // Each node is fed by the next, the last by the first.
  const std::vector<int>& loop() const { return loop_; }

 private:
  enum class Mark : uint8_t { kNew, kOnPath, kDone };
  struct Frame {
    int node;
    std::vector<Operand> operands;
    size_t next = 0;
  };

  void Enter(int node) {
    if (marks_[node] != Mark::kNew) return;
    marks_[node] = Mark::kOnPath;
    std::vector<Operand> operands = OperandsOf(graph_.nodes[node]);
    // What feeds a cut node comes after it.
    if (graph_.nodes[node].cuts_loop) std::erase(operands, graph_.nodes[node].ports[0][0]);
    path_.push_back({.node = node, .operands = std::move(operands)});
  }

  const Graph& graph_;
  std::vector<Mark> marks_;
  std::vector<Frame> path_;
  std::vector<int> order_;
  std::vector<int> loop_;
};

bool MayCutLoop(const Node& node) {
  return node.is_processor() && node.type->spec.may_close_loop && !node.cuts_loop &&
         node.ports[0].size() == 1;
}

std::string LoopInWords(const Graph& graph, const std::vector<int>& loop) {
  std::vector<std::string> names;
  for (const int node : loop) {
    if (graph.nodes[node].is_processor()) names.push_back(graph.nodes[node].name);
  }
  std::ranges::reverse(names);  // in the direction of the flow
  if (names.empty()) return "a name";
  names.push_back(names.front());
  return absl::StrJoin(names, " -> ");
}

}  // namespace

std::vector<Operand> OperandsOf(const Node& node) {
  std::vector<Operand> operands;
  for (const auto& port : node.ports) operands.insert(operands.end(), port.begin(), port.end());
  for (const auto& [parameter, operand] : node.controls) operands.push_back(operand);
  return operands;
}

absl::Status OrderNodes(const std::vector<Operand>& roots, Graph& graph) {
  while (true) {
    Sorter sorter(graph);
    bool found_loop = false;
    // Once a loop is cut, what feeds the cut is a root of its own.
    std::vector<int> from;
    for (const Operand& root : roots) from.push_back(root.node);
    for (size_t i = 0; i < from.size() && !found_loop; ++i) {
      const size_t done = sorter.order().size();
      found_loop = !sorter.Visit(from[i]);
      for (size_t n = done; n < sorter.order().size(); ++n) {
        const Node& node = graph.nodes[sorter.order()[n]];
        if (node.cuts_loop) from.push_back(node.ports[0][0].node);
      }
    }
    if (!found_loop) {
      graph.order = sorter.order();
      return absl::OkStatus();
    }
    const auto cut = std::ranges::find_if(sorter.loop(),
                                          [&](int node) { return MayCutLoop(graph.nodes[node]); });
    if (cut == sorter.loop().end()) {
      const std::string loop = LoopInWords(graph, sorter.loop());
      return InvalidArgument(
          absl::StrCat("the loop ", loop, " has no delay in it: put one there, such as ",
                       "delay(delay_seconds=0.3, mix=1)"),
          {.path = loop});
    }
    graph.nodes[*cut].cuts_loop = true;
  }
}

}  // namespace patchbay
