#include "processors/graph/text_random.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "processors/core/balance.h"
#include "processors/graph/text_test_registry.h"

namespace patchbay::testing {
namespace {

// Words that are also something else, or that only quotes make a word.
constexpr const char* kWords[] = {"duck",   "hall",   "a/b_2", "2nd", "my hall", "in",   "it's",
                                  "C#5",    "é\n\\",  "gain",  "lfo", "A4",      "true", "x = y",
                                  "frames", "linear", "dB",    "a.b", "#",       "_"};

}  // namespace

const std::vector<std::string>& RandomDescriptions::InputNames() {
  static const auto& names = *new std::vector<std::string>{"guitar", "side chain", "Bb3", "mix"};
  return names;
}

v1::Expression RandomDescriptions::Next() {
  names_ = InputNames();
  num_nodes_ = 200;
  v1::Expression expression;
  if (Below(2) == 0) return Expression(1 + Below(4));
  *expression.mutable_graph() = Graph();
  return expression;
}

v1::Graph RandomDescriptions::Graph() {
  v1::Graph graph;
  for (int n = Below(5); n > 0; --n) {
    const std::string name = OneOf(kWords);
    if (std::ranges::count(names_, name) > 0) continue;
    names_.push_back(name);
    graph.add_definitions()->set_name(name);
  }
  for (v1::Definition& definition : *graph.mutable_definitions()) {
    *definition.mutable_expression() = Expression(Below(4));
  }
  const int num_outputs = Below(3) + (graph.definitions().empty() ? 2 : 1);
  for (int i = 0; i < num_outputs; ++i) *graph.add_outputs() = Expression(Below(4));
  return graph;
}

v1::Expression RandomDescriptions::Expression(int depth, bool may_be_input) {
  if (depth == 0 || num_nodes_ <= 0) return Leaf(may_be_input);
  v1::Expression expression;
  switch (Below(8)) {
    case 0:
      *expression.mutable_chain() = Chain(depth - 1);
      break;
    case 1:
      for (int n = Below(3); n >= 0; --n) {
        *expression.mutable_list()->add_items() = Expression(depth - 1);
      }
      break;
    case 2:
    case 3:
      *expression.mutable_arithmetic() = Arithmetic(depth - 1);
      break;
    case 4:
      *expression.mutable_selection() = Selection(depth - 1);
      break;
    case 5:
      return Leaf(may_be_input);
    default:
      *expression.mutable_call() = Call(depth - 1);
      break;
  }
  return expression;
}

v1::Expression RandomDescriptions::Leaf(bool may_be_input) {
  v1::Expression expression;
  switch (Below(may_be_input ? 4 : 3)) {
    case 0:
      expression.mutable_reference()->set_name(OneOf(names_));
      break;
    case 1:
    case 2:
      *expression.mutable_signal() = Signal();
      break;
    case 3:
      expression.mutable_input();
      if (Below(2) == 0) expression.mutable_input()->set_index(Below(64));
      break;
  }
  return expression;
}

template <typename T>
T RandomDescriptions::Number() {
  if (Below(2) == 0) return static_cast<T>((Below(4001) - 2000) / 100.0);
  for (;;) {
    const uint64_t bits = uint64_t{random_()} << 32 | random_();
    T number;
    std::memcpy(&number, &bits, sizeof(number));
    if (std::isfinite(number)) return number;
  }
}

v1::ControlSignal RandomDescriptions::Signal() {
  v1::ControlSignal signal;
  switch (Below(4)) {
    case 0:
      for (int n = Below(4); n >= 0; --n) *signal.mutable_breakpoints()->add_points() = Point();
      break;
    case 1: {
      v1::SampledCurve& samples = *signal.mutable_samples();
      for (int n = Below(4); n >= 0; --n) {
        const float value = Number<float>();
        samples.mutable_values()->append(reinterpret_cast<const char*>(&value), sizeof(value));
      }
      if (Below(2) == 0) samples.set_rate_hz(std::abs(Number<double>()));
      samples.set_curve(static_cast<v1::Curve>(Below(v1::CURVE_STEP + 1)));
      break;
    }
    default:
      signal.set_constant(Number<double>());
      break;
  }
  return signal;
}

v1::Breakpoint RandomDescriptions::Point() {
  v1::Breakpoint point;
  switch (Below(3)) {
    case 0:
      point.set_time_seconds(Number<double>());
      break;
    case 1:
      point.set_frame(static_cast<int64_t>(uint64_t{random_()} << 32 | random_()) >> Below(60));
      break;
  }
  point.set_value(Number<double>());
  point.set_curve(static_cast<v1::Curve>(Below(v1::Curve_ARRAYSIZE)));
  return point;
}

v1::Arithmetic RandomDescriptions::Arithmetic(int depth) {
  --num_nodes_;
  v1::Arithmetic arithmetic;
  arithmetic.set_operator_(static_cast<v1::Operator>(v1::OPERATOR_ADD + Below(4)));
  *arithmetic.mutable_left() = Expression(depth);
  *arithmetic.mutable_right() = Expression(depth);
  return arithmetic;
}

v1::Selection RandomDescriptions::Selection(int depth) {
  v1::Selection selection;
  *selection.mutable_of() = Expression(depth);
  if (Below(2) == 0) {
    selection.set_index(Below(4) == 0 ? std::numeric_limits<int32_t>::max() : Below(10));
  } else {
    selection.set_output(OneOf(kWords));
  }
  return selection;
}

v1::Chain RandomDescriptions::Chain(int depth) {
  v1::Chain chain;
  for (int n = Below(4); n >= 0; --n) {
    v1::Expression step = Expression(depth, chain.steps().empty());
    *chain.add_steps() = std::move(step);
  }
  return chain;
}

v1::Call RandomDescriptions::Call(int depth) {
  --num_nodes_;
  const ProcessorSpec& spec = OneOf(TextTestRegistry().All())->spec;
  v1::Call call;
  call.set_processor(spec.name);
  if (Below(4) == 0) call.set_name(OneOf(kWords));
  std::vector<ParameterSpec> parameters = spec.parameters;
  if (spec.FindParameter(BalanceParameter().name) < 0) parameters.push_back(BalanceParameter());
  for (const ParameterSpec& parameter : parameters) {
    if (Below(2) == 0) (*call.mutable_arguments())[parameter.name] = Value(parameter, depth);
  }
  for (const PortSpec& port : spec.inputs) {
    if (Below(3) != 0) continue;
    *(*call.mutable_arguments())[port.name].mutable_expression() = Expression(depth);
  }
  return call;
}

v1::Value RandomDescriptions::Value(const ParameterSpec& parameter, int depth) {
  v1::Value value;
  switch (parameter.type) {
    case ParameterType::kNumber:
    case ParameterType::kInteger:
      if (parameter.rate != Rate::kFixed && Below(2) == 0) {
        *value.mutable_expression() = Expression(depth);
        if (!value.expression().has_list()) break;
      }
      value.set_number(Number<double>());
      break;
    case ParameterType::kBoolean:
      value.set_boolean(Below(2) == 0);
      break;
    case ParameterType::kChoice:
      value.set_choice(OneOf(parameter.choices));
      break;
    case ParameterType::kNumberList:
      value.mutable_numbers();
      for (int n = Below(4); n > 0; --n) value.mutable_numbers()->add_values(Number<double>());
      break;
    case ParameterType::kClip:
      value.set_clip(OneOf(kWords));
      break;
  }
  return value;
}

}  // namespace patchbay::testing
