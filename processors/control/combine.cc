#include <algorithm>
#include <string>

#include "processors/control/away_from_zero.h"
#include "processors/control/control_processor.h"

namespace patchbay {
namespace {

// Positions in the parameter table.
enum { kA, kB, kOperation };

enum class Operation { kAdd, kSubtract, kMultiply, kDivide, kMinimum, kMaximum };

Operation OperationOf(const std::string& choice) {
  if (choice == "subtract") return Operation::kSubtract;
  if (choice == "multiply") return Operation::kMultiply;
  if (choice == "divide") return Operation::kDivide;
  if (choice == "minimum") return Operation::kMinimum;
  if (choice == "maximum") return Operation::kMaximum;
  return Operation::kAdd;
}

// Each case is a vectorised loop.
template <typename Function>
void Apply(const Control& a, const Control& b, std::span<float> out, Function function) {
  if (a.is_constant() && b.is_constant()) {
    std::ranges::fill(out, function(a.constant(), b.constant()));
  } else if (a.is_constant()) {
    const float x = a.constant();
    const float* const y = b.values().data();
    for (size_t i = 0; i < out.size(); ++i) out[i] = function(x, y[i]);
  } else if (b.is_constant()) {
    const float* const x = a.values().data();
    const float y = b.constant();
    for (size_t i = 0; i < out.size(); ++i) out[i] = function(x[i], y);
  } else {
    const float* const x = a.values().data();
    const float* const y = b.values().data();
    for (size_t i = 0; i < out.size(); ++i) out[i] = function(x[i], y[i]);
  }
}

class Combine final : public ControlProcessor<Combine, NoMemory> {
 public:
  static ProcessorSpec Spec();

  Combine(const Parameters& parameters, int)
      : operation_(OperationOf(parameters.choice("operation"))) {}

  void Run(const ProcessIo& io, NoMemory&) const {
    const Control& a = io.controls[kA];
    const Control& b = io.controls[kB];
    const std::span<float> out = io.control_outs[0];
    switch (operation_) {
      case Operation::kAdd:
        return Apply(a, b, out, [](float x, float y) { return x + y; });
      case Operation::kSubtract:
        return Apply(a, b, out, [](float x, float y) { return x - y; });
      case Operation::kMultiply:
        return Apply(a, b, out, [](float x, float y) { return x * y; });
      case Operation::kDivide:
        return Apply(a, b, out, [](float x, float y) { return x / AwayFromZero(y); });
      case Operation::kMinimum:
        return Apply(a, b, out, [](float x, float y) { return x < y ? x : y; });
      case Operation::kMaximum:
        return Apply(a, b, out, [](float x, float y) { return x > y ? x : y; });
    }
  }

 private:
  const Operation operation_;
};

ProcessorSpec Combine::Spec() {
  return {
      .name = "combine",
      .summary = "Arithmetic on two control signals, frame by frame.",
      .doc =
          "out = a + b, a - b, a * b, a / b, or the lesser or greater of the two. A divisor "
          "nearer to zero than 1e-12 counts as 1e-12 with its sign (zero as positive), so that "
          "0 / 0 is 0 and 1 / 0 is 1e12.",
      .category = "control",
      .example = "combine(a=3, b=0.5, operation='multiply')",
      .inputs = {},
      .outputs = {},
      .control_outputs = {ControlOut("The result.")},
      .parameters = {InAnyUnit({.name = "a",
                                .default_value = 0,
                                .rate = Rate::kAudio,
                                .doc = "The first operand."}),
                     InAnyUnit({.name = "b",
                                .default_value = 0,
                                .rate = Rate::kAudio,
                                .doc = "The second operand."}),
                     {.name = "operation",
                      .type = ParameterType::kChoice,
                      .choices = {"add", "subtract", "multiply", "divide", "minimum", "maximum"},
                      .doc = "What is done with a and b, in this order."}},
  };
}

const Registration<Combine> kCombine;

}  // namespace
}  // namespace patchbay
