#ifndef PROCESSORS_GRAPH_TEXT_RANDOM_H_
#define PROCESSORS_GRAPH_TEXT_RANDOM_H_

#include <random>
#include <string>
#include <vector>

#include "patchbay/v1/description.pb.h"
#include "processors/core/parameter_spec.h"

namespace patchbay::testing {

// Random well-formed Descriptions of every kind of Expression, from the tables of TextTestRegistry.
class RandomDescriptions {
 public:
  explicit RandomDescriptions(int seed) : random_(seed) {}

  // The names of inputs that they refer to.
  static const std::vector<std::string>& InputNames();

  v1::Expression Next();

 private:
  int Below(int n) { return static_cast<int>(random_() % n); }
  template <typename Items>
  const auto& OneOf(const Items& items) {
    return items[Below(static_cast<int>(std::size(items)))];
  }

  // Any finite number, also denormal; or a plain one.
  template <typename T>
  T Number();

  v1::Graph Graph();
  v1::Expression Expression(int depth, bool may_be_input = true);
  v1::Expression Leaf(bool may_be_input);
  v1::ControlSignal Signal();
  v1::Breakpoint Point();
  v1::Arithmetic Arithmetic(int depth);
  v1::Selection Selection(int depth);
  v1::Chain Chain(int depth);
  v1::Call Call(int depth);
  v1::Value Value(const ParameterSpec& parameter, int depth);

  std::mt19937 random_;
  std::vector<std::string> names_;  // that may be referred to
  int num_nodes_ = 0;               // that may still be made
};

}  // namespace patchbay::testing

#endif  // PROCESSORS_GRAPH_TEXT_RANDOM_H_
