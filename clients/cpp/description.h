#ifndef CLIENTS_CPP_DESCRIPTION_H_
#define CLIENTS_CPP_DESCRIPTION_H_

#include <concepts>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cpp/control.h"
#include "patchbay/v1/description.pb.h"

namespace patchbay {

// Builders for Descriptions:
//
//   Call("highpass").Set("cutoff_hz", 80) | Call("gain").Set("gain_db", -3)
//   Call("convolution").SetClip("impulse", "hall")
//   Input(0) | Call("compressor").Connect("sidechain", Input(1))
//   0.5 * Input(0) + (Input(1) | Call("reverb"))
//   Call("gain").Set("gain_db", Call("lfo").Set("rate_hz", 2))
//   Text("highpass(80Hz) | gain(-3dB)") | Call("reverb")
//
// Names and values are checked by the server.
class Expression {
 public:
  // A number in arithmetic; a control signal.
  Expression(double value);                     // NOLINT: implicit on purpose
  Expression(const v1::ControlSignal& signal);  // NOLINT: implicit on purpose
  explicit Expression(v1::Expression proto) : proto_(std::move(proto)) {}

  const v1::Expression& proto() const { return proto_; }

  // One of several clips, counted from 0; a control output by its name.
  Expression operator[](int index) const;
  Expression Output(absl::string_view control_output) const;

  // Wherever a Description is asked for.
  operator v1::Description() const;  // NOLINT: implicit on purpose

 protected:
  v1::Expression proto_;
};

// One processor. What is not set takes its default.
class Call : public Expression {
 public:
  explicit Call(absl::string_view processor);

  // Numbers in the parameter's unit, booleans, choices, lists of numbers.
  template <typename T>
  requires std::is_arithmetic_v<T> Call& Set(absl::string_view parameter, T value) {
    if constexpr (std::same_as<T, bool>) {
      Argument(parameter).set_boolean(value);
    } else {
      Argument(parameter).set_number(static_cast<double>(value));
    }
    return *this;
  }
  Call& Set(absl::string_view parameter, const char* choice);
  Call& Set(absl::string_view parameter, const std::string& choice);
  Call& Set(absl::string_view parameter, const std::vector<double>& numbers);
  Call& Set(absl::string_view parameter, std::initializer_list<double> numbers);

  // A clip by the name that the request carries it under.
  Call& SetClip(absl::string_view parameter, absl::string_view clip);

  // What moves the parameter: a control signal, or another node's control output.
  Call& Set(absl::string_view parameter, const Expression& expression);

  // What goes into an input port, such as a sidechain.
  Call& Connect(absl::string_view port, const Expression& expression);

  // The node's name in messages and controls; by default the processor's.
  Call& Name(absl::string_view name);

 private:
  v1::Value& Argument(absl::string_view name);
};

// An input of the session, counted from 0; all of them.
Expression Input(int index);
Expression AllInputs();

// Steps one after the other: a | b | c.
Expression Chain(const std::vector<Expression>& steps);
Expression operator|(const Expression& left, const Expression& right);

// Several side by side.
Expression List(const std::vector<Expression>& items);

// Sums, differences, products and quotients of audio or control signals.
Expression operator+(const Expression& left, const Expression& right);
Expression operator-(const Expression& left, const Expression& right);
Expression operator*(const Expression& left, const Expression& right);
Expression operator/(const Expression& left, const Expression& right);
Expression operator-(const Expression& expression);

// What a name stands for: of a definition, or of an input of the session.
Expression Reference(absl::string_view name);

// A Description with named nodes, used as often as needed; also in circles, by Reference, if each
// goes through a delay.
//
//   GraphBuilder graph;
//   const Expression duck =
//       graph.Define("duck", Call("envelope_follower").Connect("in", Reference("speech")));
//   graph.Output(Reference("music") | Call("gain").Set("gain_db", -18 * duck));
class GraphBuilder {
 public:
  // Returns the reference.
  Expression Define(absl::string_view name, const Expression& expression);
  // What the Description puts out, in this order.
  void Output(const Expression& expression);

  operator v1::Description() const;  // NOLINT: implicit on purpose

 private:
  v1::Graph graph_;
};

// The text form, alone or as a part; parsed by the server.
Expression Text(absl::string_view text);

}  // namespace patchbay

#endif  // CLIENTS_CPP_DESCRIPTION_H_
