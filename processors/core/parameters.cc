#include "processors/core/parameters.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"

namespace patchbay {
namespace {

const char* Symbol(Unit unit) {
  switch (unit) {
    case Unit::kHertz:
      return " Hz";
    case Unit::kDecibels:
      return " dB";
    case Unit::kSeconds:
      return " s";
    case Unit::kCycles:
      return " cycles";
    case Unit::kSemitones:
      return " semitones";
    case Unit::kBeatsPerMinute:
      return " bpm";
    case Unit::kAny:
    case Unit::kNone:
      return "";
  }
  return "";
}

ParameterValue DefaultValue(const ParameterSpec& spec) {
  switch (spec.type) {
    case ParameterType::kNumber:
    case ParameterType::kInteger:
      return spec.default_value;
    case ParameterType::kBoolean:
      return spec.default_value != 0;
    case ParameterType::kChoice:
      return spec.choices.front();
    case ParameterType::kNumberList:
      return std::vector<double>();
    case ParameterType::kClip:
      return std::shared_ptr<const Clip>();
  }
  return 0.0;
}

bool HasType(const ParameterValue& value, ParameterType type) {
  switch (type) {
    case ParameterType::kNumber:
    case ParameterType::kInteger:
      return std::holds_alternative<double>(value);
    case ParameterType::kBoolean:
      return std::holds_alternative<bool>(value);
    case ParameterType::kChoice:
      return std::holds_alternative<std::string>(value);
    case ParameterType::kNumberList:
      return std::holds_alternative<std::vector<double>>(value);
    case ParameterType::kClip:
      return std::holds_alternative<std::shared_ptr<const Clip>>(value);
  }
  return false;
}

bool IsAllowed(const ParameterSpec& spec, const ParameterValue& value) {
  // Written so that NaN is out of range.
  const auto in_range = [&spec](double x) { return x >= spec.minimum && x <= spec.maximum; };
  switch (spec.type) {
    case ParameterType::kNumber:
      return in_range(std::get<double>(value));
    case ParameterType::kInteger: {
      const double x = std::get<double>(value);
      return in_range(x) && x == std::floor(x);
    }
    case ParameterType::kChoice:
      return std::ranges::count(spec.choices, std::get<std::string>(value)) > 0;
    case ParameterType::kNumberList:
      return std::ranges::all_of(std::get<std::vector<double>>(value), in_range);
    case ParameterType::kBoolean:
      return true;
    case ParameterType::kClip:
      return std::get<std::shared_ptr<const Clip>>(value) != nullptr;
  }
  return false;
}

}  // namespace

std::string ToString(const ParameterValue& value, Unit unit) {
  struct Visitor {
    std::string operator()(double x) const { return absl::StrCat(x, Symbol(unit)); }
    std::string operator()(bool x) const { return x ? "true" : "false"; }
    std::string operator()(const std::string& x) const { return absl::StrCat("'", x, "'"); }
    std::string operator()(const std::vector<double>& x) const {
      return absl::StrCat("[", absl::StrJoin(x, ", "), "]");
    }
    std::string operator()(const std::shared_ptr<const Clip>&) const { return "a clip"; }
    Unit unit;
  };
  return std::visit(Visitor{unit}, value);
}

std::string AllowedValues(const ParameterSpec& spec) {
  const std::string range =
      absl::StrCat(spec.minimum, " to ", spec.maximum, Symbol(spec.unit));
  switch (spec.type) {
    case ParameterType::kNumber:
      return range;
    case ParameterType::kInteger:
      return absl::StrCat("a whole number, ", range);
    case ParameterType::kBoolean:
      return "true or false";
    case ParameterType::kChoice:
      return absl::StrCat("one of '", absl::StrJoin(spec.choices, "', '"), "'");
    case ParameterType::kNumberList:
      return absl::StrCat("a list of numbers, each ", range);
    case ParameterType::kClip:
      return "a clip";
  }
  return range;
}

absl::Status CheckValue(const ParameterSpec& spec, const ParameterValue& value,
                        const std::string& path) {
  const std::string given = ToString(value, spec.unit);
  const std::string allowed = AllowedValues(spec);
  const ErrorDetail detail = {.path = path, .value = given, .allowed = allowed};
  if (!HasType(value, spec.type)) {
    return InvalidArgument(
        absl::StrCat(path, " = ", given, " has the wrong type: it takes ", allowed), detail);
  }
  if (!IsAllowed(spec, value)) {
    std::string hint;
    if (spec.type == ParameterType::kChoice) {
      hint = DidYouMean(std::get<std::string>(value), spec.choices);
    }
    return InvalidArgument(
        absl::StrCat(path, " = ", given, " is not allowed: it takes ", allowed, hint), detail);
  }
  return absl::OkStatus();
}

absl::StatusOr<Parameters> Parameters::Create(const ProcessorSpec& spec,
                                              const std::map<std::string, ParameterValue>& values,
                                              const std::string& node) {
  Parameters parameters(spec, node);
  for (const ParameterSpec& p : spec.parameters) parameters.values_.push_back(DefaultValue(p));
  for (const auto& [name, value] : values) {
    const std::string path = absl::StrCat(node, ".", name);
    const int index = spec.FindParameter(name);
    if (index < 0) {
      std::vector<std::string> known;
      for (const ParameterSpec& p : spec.parameters) known.push_back(p.name);
      const std::string list =
          known.empty() ? "it takes none" : absl::StrCat("it takes ", absl::StrJoin(known, ", "));
      return InvalidArgument(absl::StrCat(spec.name, " has no parameter '", name, "' (", list, ")",
                                          DidYouMean(name, known)),
                             {.path = path, .value = ToString(value), .allowed = list});
    }
    PATCHBAY_RETURN_IF_ERROR(CheckValue(spec.parameters[index], value, path));
    parameters.values_[index] = value;
  }
  for (const ParameterSpec& p : spec.parameters) {
    if (p.required && values.count(p.name) == 0) {
      return InvalidArgument(
          absl::StrCat(spec.name, " needs ", p.name, ": give ", AllowedValues(p)),
          {.path = absl::StrCat(node, ".", p.name), .allowed = AllowedValues(p)});
    }
  }
  return parameters;
}

int Parameters::index(absl::string_view name) const {
  const int index = spec_->FindParameter(name);
  assert(index >= 0);
  return index;
}

absl::Status Parameters::Error(absl::string_view name, absl::string_view problem) const {
  const int i = index(name);
  const std::string given = ToString(values_[i], spec_->parameters[i].unit);
  const std::string path = absl::StrCat(node_, ".", name);
  return InvalidArgument(absl::StrCat(path, " = ", given, " ", problem),
                         {.path = path, .value = given, .allowed = std::string(problem)});
}

}  // namespace patchbay
