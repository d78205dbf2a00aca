#include "clients/cli/input_arguments.h"

#include "clients/cli/usage_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

InputArguments Parse(const std::vector<std::string>& arguments) {
  return *InputArguments::Parse(arguments);
}

TEST(InputArgumentsTest, FilesNeedNoNames) {
  const InputArguments inputs = Parse({"a.wav", "./x=y.wav"});
  EXPECT_THAT(inputs.paths, ElementsAre("a.wav", "./x=y.wav"));
  EXPECT_THAT(inputs.names, IsEmpty());
}

TEST(InputArgumentsTest, IfOneHasANameAllHave) {
  const InputArguments inputs = Parse({"music=a=b.wav", "c.wav"});
  EXPECT_THAT(inputs.paths, ElementsAre("a=b.wav", "c.wav"));
  EXPECT_THAT(inputs.names, ElementsAre("music", "in_1"));
}

TEST(InputArgumentsTest, NamesAreUnique) {
  const std::vector<std::string> twice = {"a=1.wav", "a=2.wav"};
  EXPECT_TRUE(IsUsageError(InputArguments::Parse(twice).status()));
}

}  // namespace
}  // namespace patchbay::testing
