#include "processors/core/registry.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/core/nearest_name.h"

namespace patchbay {

Registry& Registry::Global() {
  static auto* const registry = new Registry;  // Never destroyed: Processors may outlive main().
  return *registry;
}

void Registry::Register(ProcessorType type) {
  std::string defects = Defects(type.spec);
  std::string name = type.spec.name;
  if (!types_.emplace(name, std::move(type)).second) {
    absl::StrAppend(&defects, name, ": registered twice\n");
  }
  if (defects.empty()) return;
  std::fprintf(stderr, "%s", defects.c_str());
  std::abort();
}

absl::StatusOr<const ProcessorType*> Registry::Find(absl::string_view name) const {
  const auto found = types_.find(std::string(name));
  if (found != types_.end()) return &found->second;
  std::vector<std::string> known;
  for (const auto& [known_name, type] : types_) known.push_back(known_name);
  return InvalidArgument(
      absl::StrCat("unknown processor '", name, "'", DidYouMean(name, known)),
      {.path = std::string(name), .value = std::string(name)});
}

std::vector<const ProcessorType*> Registry::All() const {
  std::vector<const ProcessorType*> all;
  for (const auto& [name, type] : types_) all.push_back(&type);
  return all;
}

}  // namespace patchbay
