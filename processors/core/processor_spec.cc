#include "processors/core/processor_spec.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

// The suffix that a parameter of this unit carries in its name.
const char* Suffix(Unit unit) {
  switch (unit) {
    case Unit::kHertz:
      return "_hz";
    case Unit::kDecibels:
      return "_db";
    case Unit::kSeconds:
      return "_seconds";
    case Unit::kSemitones:
      return "_semitones";
    case Unit::kBeatsPerMinute:
      return "_bpm";
    case Unit::kCycles:
    case Unit::kAny:
    case Unit::kNone:
      return "";
  }
  return "";
}

bool IsSnakeCase(const std::string& name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool HasDefaultRange(ParameterType type) {
  return type == ParameterType::kNumber || type == ParameterType::kInteger;
}

}  // namespace

bool ProcessorSpec::is_simple() const {
  const auto required = std::ranges::count_if(inputs, [](auto& port) { return !port.optional; });
  return required == 1 && !inputs[0].repeated && outputs.size() == 1 && !outputs[0].repeated;
}

int ProcessorSpec::FindParameter(absl::string_view parameter_name) const {
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name == parameter_name) return static_cast<int>(i);
  }
  return -1;
}

std::string Defects(const ProcessorSpec& spec) {
  std::string defects;
  const auto check = [&](bool sound, absl::string_view parameter, absl::string_view what) {
    if (!sound) absl::StrAppend(&defects, spec.name, ".", parameter, ": ", what, "\n");
  };
  check(IsSnakeCase(spec.name), "", "the name is not snake_case");
  check(!spec.summary.empty() && !spec.doc.empty(), "", "summary or doc is missing");
  check(!spec.category.empty() && !spec.example.empty(), "", "category or example is missing");
  check(!spec.in_place || (!spec.inputs.empty() && spec.outputs.size() == 1), "",
        "in place needs an input and one output");
  for (size_t i = 0; i + 1 < spec.inputs.size(); ++i) {
    check(!spec.inputs[i].repeated, spec.inputs[i].name, "only the last input may be repeated");
  }
  check(!spec.in_place || spec.timing == Timing::kStreaming, "", "only streams work in place");
  std::set<std::string> names;
  for (const PortSpec& port : spec.inputs) {
    check(names.insert(port.name).second, port.name, "the name is used twice");
  }
  for (const ParameterSpec& p : spec.parameters) {
    check(IsSnakeCase(p.name), p.name, "the name is not snake_case");
    check(names.insert(p.name).second, p.name, "the name is used twice");
    check(absl::EndsWith(p.name, Suffix(p.unit)), p.name, "the name lacks its unit");
    check(!p.doc.empty(), p.name, "doc is missing");
    check((p.type == ParameterType::kChoice) == !p.choices.empty(), p.name,
          "choices and type do not agree");
    check(p.rate == Rate::kFixed || p.type == ParameterType::kNumber, p.name,
          "only numbers can be controlled");
    check(p.rate == Rate::kFixed || spec.timing != Timing::kWholeClip, p.name,
          "a whole clip has no moving parameters");
    check(!HasDefaultRange(p.type) || p.required ||
              (p.minimum <= p.default_value && p.default_value <= p.maximum),
          p.name, "the default is out of range");
    check(p.mapping == Mapping::kLinear || p.minimum > 0, p.name,
          "a logarithmic range must be positive");
  }
  return defects;
}

}  // namespace patchbay
