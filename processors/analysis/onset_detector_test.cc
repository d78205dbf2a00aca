#include "processors/analysis/onset_detector.h"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <numbers>

#include "gtest/gtest.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

constexpr double kDecaySeconds = 0.04;

std::vector<int64_t> Onsets(const Clip& clip, double sensitivity) {
  return DetectOnsets(clip, sensitivity, [](double) { return absl::OkStatus(); }).value();
}

// Sounds of 250 ms, every 300 ms, from 200 ms on.
std::vector<int64_t> Starts(int sample_rate_hz) {
  std::vector<int64_t> starts;
  for (int i = 0; i < 10; ++i) starts.push_back(sample_rate_hz * (20 + 30 * i) / 100 + 17 * i);
  return starts;
}

Clip Sounds(int sample_rate_hz, const std::function<double(double seconds)>& sound) {
  Clip clip = Noise({sample_rate_hz, 2, sample_rate_hz * 34 / 10}, 5, 0.0003f);
  for (const int64_t start : Starts(sample_rate_hz)) {
    for (int i = 0; i < sample_rate_hz / 4; ++i) {
      const double seconds = static_cast<double>(i) / sample_rate_hz;
      const double sample = 0.4 * sound(seconds) * std::exp(-seconds / kDecaySeconds);
      for (int c = 0; c < 2; ++c) clip.channel(c)[start + i] += static_cast<float>(sample);
    }
  }
  return clip;
}

void ExpectFound(const Clip& clip) {
  const std::vector<int64_t> starts = Starts(clip.sample_rate_hz());
  const std::vector<int64_t> onsets = Onsets(clip, 0.5);
  ASSERT_EQ(onsets.size(), starts.size()) << clip.sample_rate_hz() << " Hz";
  for (size_t i = 0; i < starts.size(); ++i) {
    const double late_seconds = static_cast<double>(onsets[i] - starts[i]) / clip.sample_rate_hz();
    EXPECT_LT(std::abs(late_seconds), 0.006) << clip.sample_rate_hz() << " Hz, onset " << i;
  }
}

TEST(OnsetDetectorTest, FindsTheStartsOfSines) {
  for (const int rate : {8000, 44100, 48000, 192000}) {
    for (const double hz : {80.0, 440.0, 2500.0}) {
      ExpectFound(Sounds(
          rate, [=](double seconds) { return std::sin(2 * std::numbers::pi * hz * seconds); }));
    }
  }
}

TEST(OnsetDetectorTest, FindsTheStartsOfNoise) {
  ExpectFound(Sounds(48000, [](double) { return std::rand() / (0.5 * RAND_MAX) - 1; }));
}

TEST(OnsetDetectorTest, FindsClicks) {
  ExpectFound(Sounds(48000, [](double seconds) { return seconds == 0 ? 1 : 0; }));
}

TEST(OnsetDetectorTest, ASoundThatBeginsTheClipIsAnOnset) {
  const std::vector<int64_t> onsets = Onsets(Sine({.num_frames = 48000}, 440), 0.5);
  ASSERT_FALSE(onsets.empty());
  EXPECT_LT(onsets[0], 300);
}

TEST(OnsetDetectorTest, SteadySoundsHaveNoOnsets) {
  const auto within = [](const Clip& clip) {
    std::vector<int64_t> onsets = Onsets(clip, 0.5);
    std::erase_if(onsets, [](int64_t frame) { return frame < 4800 || frame > 90000; });
    return onsets.size();
  };
  EXPECT_EQ(within(Constant({.num_frames = 96000}, 0)), 0);
  EXPECT_EQ(within(Sine({.num_frames = 96000}, 440)), 0);
  EXPECT_EQ(within(Noise({.num_frames = 96000})), 0);
}

TEST(OnsetDetectorTest, WorksAtEverySampleRate) {
  for (const int rate : {1, 11, 200, 1000, 768000}) {
    for (const int64_t frame : Onsets(Noise({rate, 2, 5000}, 1, 3e38f), 0.9)) {
      EXPECT_GE(frame, 0);
      EXPECT_LT(frame, 5000);
    }
  }
}

}  // namespace
}  // namespace patchbay::testing
