#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "processors/core/registry.h"
#include "processors/graph/text_form.h"

namespace patchbay::testing {
namespace {

void ExpectPrintsAndParsesBack(absl::string_view text) {
  const Registry& registry = Registry::Global();
  const auto parsed = ParseText(text, registry);
  ASSERT_TRUE(parsed.ok()) << text << "\n" << parsed.status();
  const std::string printed = PrintText(*parsed, registry);
  const auto again = ParseText(printed, registry);
  ASSERT_TRUE(again.ok()) << printed << "\n" << again.status();
  EXPECT_EQ(PrintText(*again, registry), printed);
}

TEST(TextExamplesTest, OfEveryProcessor) {
  for (const ProcessorType* type : Registry::Global().All()) {
    ExpectPrintsAndParsesBack(type->spec.example);
  }
}

TEST(TextExamplesTest, OfTheDocumentation) {
  std::ifstream file("processors/graph/TEXT_FORM.md");
  const std::string document(std::istreambuf_iterator<char>(file), {});
  const std::vector<std::string> parts = absl::StrSplit(document, "```\n");
  ASSERT_GT(parts.size(), 2);
  const std::vector<std::string> texts = absl::StrSplit(parts[1], "\n\n");
  EXPECT_GE(texts.size(), 3);
  for (const std::string& text : texts) ExpectPrintsAndParsesBack(text);
}

}  // namespace
}  // namespace patchbay::testing
