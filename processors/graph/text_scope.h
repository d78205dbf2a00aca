#ifndef PROCESSORS_GRAPH_TEXT_SCOPE_H_
#define PROCESSORS_GRAPH_TEXT_SCOPE_H_

#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "processors/core/registry.h"
#include "processors/graph/text_cursor.h"

namespace patchbay {

// The names that mean something in a text: of its definitions, wherever they are, of the session's
// inputs, of definitions around the text and of processors.
class TextScope {
 public:
  // Reads the whole text. INVALID_ARGUMENT for a definition that comes twice or takes the name of
  // an input. Registry and names must outlive it.
  static absl::StatusOr<TextScope> Create(const TokenCursor& start, const Registry& registry,
                                          const std::vector<std::string>& input_names,
                                          const std::vector<std::string>& outer_names);

  // Whether a definition or an input has this name; written out, as all but processors are.
  bool Has(absl::string_view name) const;

  // The name in full of a processor. `may_be_other`: where it could also be a definition or input.
  absl::StatusOr<std::string> CompleteProcessor(absl::string_view typed, bool may_be_other) const;

  // INVALID_ARGUMENT with the nearest name, for one that is neither definition nor input.
  absl::Status UnknownReference(absl::string_view name) const;

  // Whether the argument that comes next is a control signal, as far as its words tell without
  // reading it: what ends in a control processor or output, a curve, a number, or sums of such.
  bool IsControl(const TokenCursor& argument);

 private:
  using Tokens = std::span<const Token>;

  struct Definition {
    Tokens tokens;
    enum { kUnknown, kVisiting, kControl, kOther } kind = kUnknown;
  };

  TextScope(const Registry& registry, const std::vector<std::string>& input_names,
            const std::vector<std::string>& outer_names);

  // "unknown <what> 'name'", with the nearest of `known`, definitions and inputs.
  absl::Status Unknown(absl::string_view what, absl::string_view name,
                       std::vector<std::string> known) const;

  bool IsControl(Tokens expression, int depth);
  bool IsControlSum(Tokens sum, int depth);
  bool IsControlReference(absl::string_view name);
  bool IsControlProcessor(absl::string_view typed) const;

  const Registry* registry_;
  const std::vector<std::string>* input_names_;
  const std::vector<std::string>* outer_names_;
  std::vector<std::string> processors_;
  std::map<std::string, Definition, std::less<>> definitions_;
};

// Whether a statement that begins here is a definition: a name and '='.
bool StartsDefinition(const TokenCursor& cursor);

// Whether this token ends a statement.
bool IsSeparator(const Token& token);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_SCOPE_H_
