#include "processors/time/delay_tap.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

// A delay of `frames`, relative to an ideal one, at a frequency in cycles per frame.
std::complex<double> Response(double frames, double frequency) {
  const DelayTap tap(frames);
  std::complex<double> sum = 0;
  for (int i = 0; i < 4; ++i) {
    const double frames_back = static_cast<double>(tap.oldest) - i;
    sum += static_cast<double>(tap.weights[i]) *
           std::polar(1.0, -2 * std::numbers::pi * frequency * (frames_back - frames));
  }
  return sum;
}

TEST(DelayTapTest, AmplifiesNoFrequency) {
  for (double frames = 0; frames < 4; frames += 0.0625) {
    for (double frequency = 0; frequency <= 0.5; frequency += 0.01) {
      EXPECT_LT(std::abs(Response(frames, frequency)), 1 + 1e-6) << frames << " frames";
    }
  }
}

TEST(DelayTapTest, IsAccurateFarBelowHalfTheSampleRate) {
  // At 4.8 kHz of 48 kHz, within 0.5 % in amplitude and phase.
  for (double frames = 2; frames < 4; frames += 0.0625) {
    EXPECT_LT(std::abs(Response(frames, 0.1) - 1.0), 0.005) << frames << " frames";
  }
}

TEST(DelayTapTest, IsContinuousAtWholeFrames) {
  const float samples[] = {3, -1, 4, -1, 5, -9, 2, -6};
  const float* now = samples + 6;
  for (int whole = 1; whole <= 3; ++whole) {
    const DelayTap at(whole), before(whole - 1e-5), after(whole + 1e-5);
    EXPECT_EQ(at.Read(now - at.oldest), now[-whole]);
    EXPECT_NEAR(before.Read(now - before.oldest), now[-whole], 1e-3);
    EXPECT_NEAR(after.Read(now - after.oldest), now[-whole], 1e-3);
  }
}

}  // namespace
}  // namespace patchbay::testing
