#ifndef PROCESSORS_GRAPH_NODE_PROGRESS_H_
#define PROCESSORS_GRAPH_NODE_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"

namespace patchbay {

// How far a node is with its work.
struct NodeWork {
  std::string node;
  std::optional<double> fraction;  // 0 to 1; unset: how much there is to do is not known yet
  int64_t frames = 0;              // of its longest clip, taken in so far
};

// Told every few milliseconds of work. Not OK: stop, and return that.
using NodeProgress = std::function<absl::Status(const NodeWork&)>;

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_NODE_PROGRESS_H_
