#ifndef CLIENTS_CPP_DESCRIPTION_H_
#define CLIENTS_CPP_DESCRIPTION_H_

#include <concepts>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"
#include "patchbay/v1/description.pb.h"

namespace patchbay {

// Builders for Descriptions:
//
//   Call("highpass").Set("cutoff_hz", 80) | Call("gain").Set("gain_db", -3)
//   Call("convolution").SetClip("impulse", "hall")
//   Input(0) | Call("compressor").Connect("sidechain", Input(1))
//   Text("highpass(80Hz) | gain(-3dB)")
//
// Names and values are checked by the server.
class Expression {
 public:
  const v1::Expression& proto() const { return proto_; }

  // Wherever a Description is asked for.
  operator v1::Description() const;  // NOLINT: implicit on purpose

 protected:
  v1::Expression proto_;

 private:
  friend Expression Input(int index);
  friend Expression AllInputs();
  friend Expression Chain(const std::vector<Expression>& steps);
  friend Expression operator|(const Expression& left, const Expression& right);
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

// The text form; parsed by the server.
v1::Description Text(absl::string_view text);

}  // namespace patchbay

#endif  // CLIENTS_CPP_DESCRIPTION_H_
