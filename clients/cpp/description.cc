#include "clients/cpp/description.h"

namespace patchbay {

Expression::operator v1::Description() const {
  v1::Description description;
  *description.mutable_expression() = proto_;
  return description;
}

Call::Call(absl::string_view processor) {
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

Call& Call::Connect(absl::string_view port, const Expression& expression) {
  *Argument(port).mutable_expression() = expression.proto();
  return *this;
}

Call& Call::Name(absl::string_view name) {
  proto_.mutable_call()->set_name(std::string(name));
  return *this;
}

Expression Input(int index) {
  Expression expression;
  expression.proto_.mutable_input()->set_index(index);
  return expression;
}

Expression AllInputs() {
  Expression expression;
  expression.proto_.mutable_input();
  return expression;
}

Expression Chain(const std::vector<Expression>& steps) {
  Expression expression;
  v1::Chain& chain = *expression.proto_.mutable_chain();
  for (const Expression& step : steps) *chain.add_steps() = step.proto();
  return expression;
}

Expression operator|(const Expression& left, const Expression& right) {
  if (!left.proto().has_chain()) return Chain({left, right});
  // One long chain instead of chains within chains.
  Expression longer = left;
  *longer.proto_.mutable_chain()->add_steps() = right.proto();
  return longer;
}

v1::Description Text(absl::string_view text) {
  v1::Description description;
  description.set_text(std::string(text));
  return description;
}

}  // namespace patchbay
