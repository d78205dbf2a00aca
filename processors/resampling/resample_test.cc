#include <soxr.h>

#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "tests/testing/run_clips.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

Clip Resample(const Clip& in, int sample_rate_hz, const std::string& quality = "high",
              const RunOptions& options = {}) {
  const std::vector<Clip> out =
      RunClipsOrDie("resample", {{"sample_rate_hz", double(sample_rate_hz)}, {"quality", quality}},
                    {in}, options);
  return out.size() == 1 ? out[0] : Clip();
}

// libsoxr's own way to convert one channel at once.
std::vector<float> OneShot(const Clip& in, int channel, int sample_rate_hz, unsigned long recipe) {
  std::vector<float> out(in.num_frames() * sample_rate_hz / in.sample_rate_hz() + 10);
  size_t count = 0;
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(recipe, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  EXPECT_EQ(soxr_oneshot(in.sample_rate_hz(), sample_rate_hz, 1, in.channel(channel).data(),
                         in.num_frames(), nullptr, out.data(), out.size(), &count, &io, &quality,
                         &runtime),
            nullptr);
  out.resize(count);
  return out;
}

TEST(ResampleTest, EqualsSoxrAtOnceHoweverItIsCut) {
  const std::pair<const char*, unsigned long> qualities[] = {{"quick", SOXR_QQ},
                                                             {"low", SOXR_LQ},
                                                             {"medium", SOXR_MQ},
                                                             {"high", SOXR_HQ},
                                                             {"very_high", SOXR_VHQ}};
  const Clip in = Noise({.sample_rate_hz = 44100, .num_frames = 10007});
  for (const auto& [quality, recipe] : qualities) {
    for (const int rate : {48000, 8000, 44101, 192000}) {
      const Clip out = Resample(in, rate, quality);
      const Clip cut = Resample(in, rate, quality, {.chunk_frames = {1, 97, 256, 30}});
      ASSERT_EQ(out.sample_rate_hz(), rate);
      for (int c = 0; c < 2; ++c) {
        const std::vector<float> expected = OneShot(in, c, rate, recipe);
        ASSERT_LE(std::abs(double(out.num_frames()) - expected.size()), 1);
        for (size_t i = 0; i < std::min<size_t>(expected.size(), out.num_frames()); ++i) {
          ASSERT_NEAR(out.channel(c)[i], expected[i], 1e-6) << quality << " " << rate << " " << i;
        }
        EXPECT_TRUE(std::ranges::equal(out.channel(c), cut.channel(c))) << quality << " " << rate;
      }
    }
  }
}

TEST(ResampleTest, LengthIsRounded) {
  for (const int64_t n : {0, 1, 2, 3, 100, 999, 1000, 12345}) {
    for (const int rate : {1000, 8000, 44100, 47999, 96000, 768000}) {
      const Clip out = Resample(Noise({.num_channels = 1, .num_frames = n}), rate);
      EXPECT_EQ(out.num_frames(), std::llround(n * (rate / 48000.0))) << n << " to " << rate;
    }
  }
}

TEST(ResampleTest, ASineStaysTheSameSine) {
  for (const int rate : {22050, 44100, 88200}) {
    const Clip out = Resample(Sine({.num_channels = 1, .num_frames = 48000}, 997), rate);
    const Clip expected = Sine({rate, 1, rate}, 997);
    for (int i = rate / 10; i < rate - rate / 10; ++i) {
      ASSERT_NEAR(out.channel(0)[i], expected.channel(0)[i], 1e-5) << rate << " Hz, frame " << i;
    }
  }
}

TEST(ResampleTest, AnImpulseStaysAtItsTime) {
  const Clip out = Resample(Impulse({.num_channels = 1, .num_frames = 4800}, 2400), 96000);
  EXPECT_EQ(std::ranges::max_element(out.channel(0)) - out.channel(0).begin(), 4800);
}

TEST(ResampleTest, TakesAwayWhatWouldAlias) {
  const Clip out = Resample(Sine({.num_channels = 1, .num_frames = 48000}, 6000), 8000);
  for (int i = 800; i < 7200; ++i) ASSERT_NEAR(out.channel(0)[i], 0, 1e-5);
}

TEST(ResampleTest, TheSameRateChangesNothing) {
  const Clip in = Noise({});
  const Clip out = Resample(in, 48000);
  EXPECT_TRUE(std::ranges::equal(out.channel(1), in.channel(1)));
}

TEST(ResampleTest, GoesToItsLimitsAndRefusesWhatIsBeyond) {
  EXPECT_EQ(Resample(Noise({750, 1, 300}), 768000, "very_high").num_frames(), 300 * 1024);
  EXPECT_EQ(Resample(Noise({768000, 1, 100000}), 750).num_frames(), 98);
  EXPECT_EQ(
      RunClips("resample", {{"sample_rate_hz", 96000.0}}, {Noise({11, 1, 10})}).status().message(),
      "resample.sample_rate_hz = 96000 Hz is too far from the input's 11 Hz: take 1 to 11264 Hz");
}

}  // namespace
}  // namespace patchbay::testing
