#include "processors/dynamics/gain_computer.h"

#include <cmath>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

double Expected(double over, double slope, double knee) {
  if (2 * over < -knee) return 0;
  if (2 * over > knee) return slope * over;
  return knee > 0 ? slope * std::pow(over + knee / 2, 2) / (2 * knee) : 0;
}

TEST(GainComputerTest, IsTheCurveOfThePaper) {
  for (const float knee : {0.0f, 0.5f, 6.0f, 40.0f}) {
    const GainComputer computer(knee);
    for (const float slope : {0.0f, 0.5f, 0.99f}) {
      for (float over = -60; over <= 60; over += 0.37f) {
        EXPECT_NEAR(computer.Reduction(over, slope), Expected(over, slope, knee), 2e-5)
            << "knee " << knee << ", slope " << slope << ", over " << over;
      }
    }
  }
}

}  // namespace
}  // namespace patchbay::testing
