#ifndef PROCESSORS_CORE_PARAMETERS_H_
#define PROCESSORS_CORE_PARAMETERS_H_

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "processors/core/clip.h"
#include "processors/core/processor_spec.h"

namespace patchbay {

// A value as a client gave it: number or integer, boolean, choice, list, clip.
using ParameterValue =
    std::variant<double, bool, std::string, std::vector<double>, std::shared_ptr<const Clip>>;

// "-18 dB", "true", "'sine'", "[0.5, 0.5]", "a clip": a value for messages.
std::string ToString(const ParameterValue& value, Unit unit = Unit::kNone);

// "-120 to 60 dB", "one of 'sine', 'saw'": what a parameter takes, for messages and help.
std::string AllowedValues(const ParameterSpec& spec);

// INVALID_ARGUMENT unless `value` has the type of `spec` and lies in its range. `path` names the
// parameter in the message: "compressor.ratio".
absl::Status CheckValue(const ParameterSpec& spec, const ParameterValue& value,
                        const std::string& path);

// One valid value for every parameter of a processor.
class Parameters {
 public:
  // Takes the defaults for what `values` leaves out. INVALID_ARGUMENT, with the path
  // `node`.`parameter`, for an unknown name (the nearest one is suggested), a wrong type, a value
  // out of range, a required one that is missing. `spec` must outlive the result.
  static absl::StatusOr<Parameters> Create(const ProcessorSpec& spec,
                                           const std::map<std::string, ParameterValue>& values,
                                           const std::string& node);

  const ProcessorSpec& spec() const { return *spec_; }

  // The node's name in the Description, for messages.
  const std::string& node() const { return node_; }

  // Position of a parameter in the table and in ProcessIo::controls; the name must exist.
  int index(absl::string_view name) const;

  // Values by name; name and type must agree with the table. Numbers and integers are numbers.
  double number(absl::string_view name) const { return number(index(name)); }
  int integer(absl::string_view name) const { return static_cast<int>(number(name)); }
  bool boolean(absl::string_view name) const { return std::get<bool>(value(index(name))); }
  const std::string& choice(absl::string_view name) const {
    return std::get<std::string>(value(index(name)));
  }
  const std::vector<double>& numbers(absl::string_view name) const {
    return std::get<std::vector<double>>(value(index(name)));
  }
  // Null if an optional clip was not given.
  const std::shared_ptr<const Clip>& clip(absl::string_view name) const {
    return std::get<std::shared_ptr<const Clip>>(value(index(name)));
  }

  double number(int index) const { return std::get<double>(values_[index]); }
  const ParameterValue& value(int index) const { return values_[index]; }

  // INVALID_ARGUMENT that names the parameter and its value, for limits that depend on more than
  // the table: "cutoff_hz = 20000 Hz must be below 4000 Hz, half the sample rate".
  absl::Status Error(absl::string_view name, absl::string_view problem) const;

 private:
  Parameters(const ProcessorSpec& spec, std::string node) : spec_(&spec), node_(std::move(node)) {}

  const ProcessorSpec* spec_;
  std::string node_;
  std::vector<ParameterValue> values_;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_PARAMETERS_H_
