#include "processors/control/cycle_clock.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

TEST(CycleClockTest, NFramesOfOneNthAreACycle) {
  for (int n = 1; n < 1000; ++n) {
    CycleClock clock;
    std::vector<uint32_t> phases(2 * n + 1);
    clock.Phases(CycleRate(48000.0 / n, 48000), 0, phases);
    EXPECT_EQ(phases[n], 0u) << n;
    EXPECT_EQ(phases[2 * n], 0u) << n;
    EXPECT_NEAR(phases[n - 1] * 0x1p-32, (n - 1.0) / n, 1e-9) << n;
  }
}

TEST(CycleClockTest, StepsBeginAtTheNearestFrame) {
  // As a float, a tenth of a second is a little more than 4800 frames.
  for (const double frames : {1.0, 3.7, 48.0, static_cast<double>(0.1f) * 48000}) {
    CycleClock clock;
    std::vector<uint64_t> cycles(20000);
    std::vector<float> fractions(20000);
    clock.Steps(CycleRate(48000.0 / frames, 48000), 0, cycles, fractions);
    for (int i = 0; i < 20000; ++i) {
      ASSERT_EQ(cycles[i], static_cast<uint64_t>(std::floor((i + 0.5) / frames))) << i;
      ASSERT_NEAR(fractions[i], std::max(0.0, i / frames - static_cast<double>(cycles[i])), 1e-6);
    }
  }
}

TEST(CycleClockTest, AVaryingRateThatStandsStillIsTheSame) {
  CycleClock constant_clock, varying_clock;
  const std::vector<float> rates(1000, 3.3f);
  std::vector<uint32_t> constant(1000), varying(1000);
  constant_clock.Phases(CycleRate(Control(3.3f), 44100), 0, constant);
  varying_clock.Phases(CycleRate(Control(std::span(rates)), 44100), 0, varying);
  EXPECT_EQ(constant, varying);
}

TEST(CycleClockTest, StandsStillBeforeFrameZero) {
  CycleClock clock;
  std::vector<uint32_t> phases(8);
  clock.Phases(CycleRate(0.25, 1), -4, phases);
  EXPECT_EQ(phases, (std::vector<uint32_t>{0, 0, 0, 0, 0, 1u << 30, 2u << 30, 3u << 30}));
}

TEST(CycleClockTest, CountsSeveralCyclesAFrame) {
  CycleClock clock;
  std::vector<uint64_t> cycles(4);
  std::vector<float> fractions(4);
  clock.Steps(CycleRate(1000, 1), 0, cycles, fractions);
  EXPECT_EQ(cycles, (std::vector<uint64_t>{500, 1500, 2500, 3500}));
}

}  // namespace
}  // namespace patchbay::testing
