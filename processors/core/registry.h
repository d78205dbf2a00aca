#ifndef PROCESSORS_CORE_REGISTRY_H_
#define PROCESSORS_CORE_REGISTRY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "processors/core/processor.h"

namespace patchbay {

// A kind of Processor: its table, and how to plan and create one.
struct ProcessorType {
  ProcessorSpec spec;
  // The layout for these parameters and this format. Allocates no audio memory.
  // INVALID_ARGUMENT for what the table alone cannot exclude.
  std::function<absl::StatusOr<Layout>(const Parameters&, const StreamFormat&)> plan;
  // Called only after `plan` accepted the same arguments.
  std::function<absl::StatusOr<std::shared_ptr<const Processor>>(const Parameters&,
                                                                 const StreamFormat&)>
      create;
};

// All processors that are linked in. Filled before main(), read-only afterwards.
class Registry {
 public:
  static Registry& Global();

  // Ends the program, saying why, if the table is unsound or the name is taken: a mistake of the
  // programmer's that the first start shows.
  void Register(ProcessorType type);

  // INVALID_ARGUMENT for an unknown name, with the nearest known one.
  absl::StatusOr<const ProcessorType*> Find(absl::string_view name) const;

  // Every type, by name.
  std::vector<const ProcessorType*> All() const;

 private:
  std::map<std::string, ProcessorType, std::less<>> types_;
};

// `const Registration<Delay> kDelay;` in delay.cc makes Delay known. Delay supplies
//   static ProcessorSpec Spec();
//   static absl::StatusOr<Layout> Plan(const Parameters&, const StreamFormat&);
//   static absl::StatusOr<std::shared_ptr<const Processor>> Create(const Parameters&,
//                                                                  const StreamFormat&);
template <typename T>
struct Registration {
  Registration() { Registry::Global().Register({T::Spec(), &T::Plan, &T::Create}); }
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_REGISTRY_H_
