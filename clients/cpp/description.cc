#include "clients/cpp/description.h"

namespace patchbay {
namespace {

Expression Arithmetic(v1::Operator op, const Expression& left, const Expression& right) {
  v1::Expression proto;
  v1::Arithmetic& arithmetic = *proto.mutable_arithmetic();
  arithmetic.set_operator_(op);
  *arithmetic.mutable_left() = left.proto();
  *arithmetic.mutable_right() = right.proto();
  return Expression(std::move(proto));
}

}  // namespace

Expression::Expression(double value) : Expression(ConstantSignal(value)) {}

Expression::Expression(const v1::ControlSignal& signal) { *proto_.mutable_signal() = signal; }

Expression Expression::operator[](int index) const {
  v1::Expression proto;
  *proto.mutable_selection()->mutable_of() = proto_;
  proto.mutable_selection()->set_index(index);
  return Expression(std::move(proto));
}

Expression Expression::Output(absl::string_view control_output) const {
  v1::Expression proto;
  *proto.mutable_selection()->mutable_of() = proto_;
  proto.mutable_selection()->set_output(std::string(control_output));
  return Expression(std::move(proto));
}

Expression::operator v1::Description() const {
  v1::Description description;
  if (proto_.has_text()) {
    description.set_text(proto_.text());
  } else {
    *description.mutable_expression() = proto_;
  }
  return description;
}

Call::Call(absl::string_view processor) : Expression(v1::Expression()) {
  proto_.mutable_call()->set_processor(std::string(processor));
}

v1::Value& Call::Argument(absl::string_view name) {
  return (*proto_.mutable_call()->mutable_arguments())[std::string(name)];
}

Call& Call::Set(absl::string_view parameter, const char* choice) {
  Argument(parameter).set_choice(choice);
  return *this;
}

Call& Call::Set(absl::string_view parameter, const std::string& choice) {
  Argument(parameter).set_choice(choice);
  return *this;
}

Call& Call::Set(absl::string_view parameter, const std::vector<double>& numbers) {
  v1::NumberList& list = *Argument(parameter).mutable_numbers();
  list.mutable_values()->Assign(numbers.begin(), numbers.end());
  return *this;
}

Call& Call::Set(absl::string_view parameter, std::initializer_list<double> numbers) {
  return Set(parameter, std::vector<double>(numbers));
}

Call& Call::SetClip(absl::string_view parameter, absl::string_view clip) {
  Argument(parameter).set_clip(std::string(clip));
  return *this;
}

Call& Call::Set(absl::string_view parameter, const Expression& expression) {
  return Connect(parameter, expression);
}

Call& Call::Connect(absl::string_view port, const Expression& expression) {
  *Argument(port).mutable_expression() = expression.proto();
  return *this;
}

Call& Call::Name(absl::string_view name) {
  proto_.mutable_call()->set_name(std::string(name));
  return *this;
}

Expression Input(int index) {
  v1::Expression proto;
  proto.mutable_input()->set_index(index);
  return Expression(std::move(proto));
}

Expression AllInputs() {
  v1::Expression proto;
  proto.mutable_input();
  return Expression(std::move(proto));
}

Expression Chain(const std::vector<Expression>& steps) {
  v1::Expression proto;
  for (const Expression& step : steps) *proto.mutable_chain()->add_steps() = step.proto();
  return Expression(std::move(proto));
}

Expression operator|(const Expression& left, const Expression& right) {
  if (!left.proto().has_chain()) return Chain({left, right});
  // One long chain instead of chains within chains.
  v1::Expression longer = left.proto();
  *longer.mutable_chain()->add_steps() = right.proto();
  return Expression(std::move(longer));
}

Expression List(const std::vector<Expression>& items) {
  v1::Expression proto;
  for (const Expression& item : items) *proto.mutable_list()->add_items() = item.proto();
  return Expression(std::move(proto));
}

Expression operator+(const Expression& left, const Expression& right) {
  return Arithmetic(v1::OPERATOR_ADD, left, right);
}

Expression operator-(const Expression& left, const Expression& right) {
  return Arithmetic(v1::OPERATOR_SUBTRACT, left, right);
}

Expression operator*(const Expression& left, const Expression& right) {
  return Arithmetic(v1::OPERATOR_MULTIPLY, left, right);
}

Expression operator/(const Expression& left, const Expression& right) {
  return Arithmetic(v1::OPERATOR_DIVIDE, left, right);
}

Expression operator-(const Expression& expression) { return -1 * expression; }

Expression Reference(absl::string_view name) {
  v1::Expression proto;
  proto.mutable_reference()->set_name(std::string(name));
  return Expression(std::move(proto));
}

Expression GraphBuilder::Define(absl::string_view name, const Expression& expression) {
  v1::Definition& definition = *graph_.add_definitions();
  definition.set_name(std::string(name));
  *definition.mutable_expression() = expression.proto();
  return Reference(name);
}

void GraphBuilder::Output(const Expression& expression) {
  *graph_.add_outputs() = expression.proto();
}

GraphBuilder::operator v1::Description() const {
  v1::Description description;
  *description.mutable_expression()->mutable_graph() = graph_;
  return description;
}

Expression Text(absl::string_view text) {
  v1::Expression proto;
  proto.set_text(std::string(text));
  return Expression(std::move(proto));
}

}  // namespace patchbay
