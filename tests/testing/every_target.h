#ifndef TESTS_TESTING_EVERY_TARGET_H_
#define TESTS_TESTING_EVERY_TARGET_H_

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "hwy/targets.h"

namespace patchbay::testing {

// A test that runs with every instruction set that this processor has:
//
//   class MyTest : public EveryTargetTest {};
//   INSTANTIATE_TEST_SUITE_P(Targets, MyTest, EveryTarget(), TargetName);
class EveryTargetTest : public ::testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override { Choose(GetParam()); }
  void TearDown() override { Choose(0); }

 private:
  static void Choose(int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

inline auto EveryTarget() { return ::testing::ValuesIn(hwy::SupportedAndGeneratedTargets()); }

inline std::string TargetName(const ::testing::TestParamInfo<int64_t>& target) {
  return hwy::TargetName(target.param);
}

}  // namespace patchbay::testing

#endif  // TESTS_TESTING_EVERY_TARGET_H_
