#include "processors/control/cycle_clock.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

// The number of the cycle and the part of it that is over, at each frame from 0, in calls of
// `chunk`.
void Steps(const CycleRate& rate, int chunk, std::span<uint64_t> cycles,
           std::span<float> fractions) {
  CycleClock clock;
  const int num_frames = static_cast<int>(cycles.size());
  for (int first = 0; first < num_frames;) {
    uint64_t cycle;
    const int most = std::min(chunk - first % chunk, num_frames - first);
    const int count = clock.Step(rate, first, first, cycle, fractions.subspan(first, most));
    ASSERT_GE(count, 1);
    ASSERT_LE(count, most);
    std::ranges::fill(cycles.subspan(first, count), cycle);
    first += count;
  }
}

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
    std::vector<uint64_t> cycles(20000);
    std::vector<float> fractions(20000);
    Steps(CycleRate(48000.0 / frames, 48000), 256, cycles, fractions);
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

TEST(CycleClockTest, AVaryingRateThatStandsStillTakesTheSameSteps) {
  for (const float hz :
       {0.0f, 44100 * 0x1p-64f, 1.0f, 700.1f, 11025.0f, 30000.0f, 44100.0f, 50000.0f, 88200.0f}) {
    const std::vector<float> rates(5000, hz);
    std::vector<uint64_t> constant(5000), varying(5000);
    std::vector<float> constant_fractions(5000), varying_fractions(5000);
    Steps(CycleRate(Control(hz), 44100), 256, constant, constant_fractions);
    Steps(CycleRate(Control(std::span(rates)), 44100), 17, varying, varying_fractions);
    EXPECT_EQ(constant, varying) << hz << " Hz";
    EXPECT_EQ(constant_fractions, varying_fractions) << hz << " Hz";
  }
}

TEST(CycleClockTest, StandsStillBeforeFrameZero) {
  CycleClock clock;
  std::vector<uint32_t> phases(8);
  clock.Phases(CycleRate(0.25, 1), -4, phases);
  EXPECT_EQ(phases, (std::vector<uint32_t>{0, 0, 0, 0, 0, 1u << 30, 2u << 30, 3u << 30}));

  clock = CycleClock();
  uint64_t cycle;
  std::vector<float> fractions(8);
  EXPECT_EQ(clock.Step(CycleRate(0.25, 1), 0, -4, cycle, fractions), 8);
  EXPECT_EQ(cycle, 0u);
  EXPECT_EQ(fractions, (std::vector<float>{0, 0, 0, 0, 0, 0.25f, 0.5f, 0.75f}));
}

TEST(CycleClockTest, CountsSeveralCyclesAFrame) {
  std::vector<uint64_t> cycles(4);
  std::vector<float> fractions(4);
  Steps(CycleRate(1000, 1), 4, cycles, fractions);
  EXPECT_EQ(cycles, (std::vector<uint64_t>{500, 1500, 2500, 3500}));
}

}  // namespace
}  // namespace patchbay::testing
