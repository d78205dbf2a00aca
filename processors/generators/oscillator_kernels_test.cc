#include "processors/generators/oscillator_kernels.h"

#include <bit>
#include <cstdint>
#include <iterator>
#include <random>

#include "gtest/gtest.h"
#include "processors/generators/sine_polynomial.h"
#include "processors/generators/wave_tables.h"
#include "tests/testing/every_target.h"

namespace patchbay::testing {
namespace {

class OscillatorKernelsTest : public EveryTargetTest {};

INSTANTIATE_TEST_SUITE_P(Targets, OscillatorKernelsTest, EveryTarget(), TargetName);

TEST_P(OscillatorKernelsTest, WavesAndSinesAreTheSameBitsAsOneByOne) {
  std::mt19937 random(1);
  for (const int count : {1, 7, 8, 100, kMaxFrames}) {
    uint32_t phases[kMaxFrames];
    const WaveTable* tables[kMaxFrames];
    WavePlaces places;
    for (int i = 0; i < count; ++i) {
      phases[i] = random();
      tables[i] = WaveTables::Saw().Select(static_cast<float>(1 + random() % 1500)).upper;
      tables[i]->Locate(phases[i], places.samples[i], places.fractions[i]);
    }
    float waves[kMaxFrames], sines[kMaxFrames];
    InterpolateWaves(places, count, waves);
    RenderSine(phases, count, sines);
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(std::bit_cast<int32_t>(waves[i]),
                std::bit_cast<int32_t>(tables[i]->Read(phases[i])));
      ASSERT_EQ(std::bit_cast<int32_t>(sines[i]), std::bit_cast<int32_t>(SineOfPhase(phases[i])));
    }
  }
}

TEST_P(OscillatorKernelsTest, PhaseStepsAreExact) {
  // Cycles of which a power of two is a whole number.
  const float hz[] = {0, 0x1p-40f, 0.25f, 1, 3, 1.5f, 4095.75f, 16383, 16384, 16385, 49152.5f};
  uint64_t steps[std::size(hz)];
  PhaseSteps(hz, std::size(hz), 16384, steps);
  EXPECT_EQ(steps[0], 0u);
  EXPECT_EQ(steps[1], 1u << 10);
  for (size_t i = 2; i < std::size(hz); ++i) {
    EXPECT_EQ(steps[i], static_cast<uint64_t>(hz[i] * 4) << 48) << hz[i] << " Hz";
  }
}

}  // namespace
}  // namespace patchbay::testing
