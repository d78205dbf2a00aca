#include "processors/core/control.h"

#include <vector>

#include "gtest/gtest.h"

namespace patchbay {
namespace {

TEST(HeldUntilTest, AConstantHoldsToTheEnd) { EXPECT_EQ(HeldUntil(Control(3.0f), 5, 200), 200); }

TEST(HeldUntilTest, FindsTheNextChangeWhereverItIs) {
  for (int change = 1; change < 100; ++change) {
    std::vector<float> values(100, 1.0f);
    std::fill(values.begin() + change, values.end(), 2.0f);
    const Control control{std::span<const float>(values)};
    for (int first = 0; first < 100; ++first) {
      ASSERT_EQ(HeldUntil(control, first, 100), first < change ? change : 100) << change;
      ASSERT_EQ(HeldUntil(control, first, first), first);
    }
    ASSERT_EQ(HeldUntil(control, 0, change / 2 + 1), std::min(change, change / 2 + 1));
  }
}

}  // namespace
}  // namespace patchbay
