#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/run.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using Settings = std::map<std::string, ParameterValue>;

// One channel of Freeverb, sample by sample in double precision.
class SlowTank {
 public:
  SlowTank(double room_size, double damping, int sample_rate_hz, int spread)
      : feedback_(0.7 + 0.28 * room_size), damping_(0.4 * damping) {
    const auto frames = [&](int at_44100) {
      return static_cast<size_t>(
          std::max(1.0, std::round((at_44100 + spread) * sample_rate_hz / 44100.0)));
    };
    for (const int delay : {1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617}) {
      combs_.push_back({std::vector<double>(frames(delay))});
    }
    for (const int delay : {556, 441, 341, 225}) {
      allpasses_.push_back({std::vector<double>(frames(delay))});
    }
  }

  double Process(double in) {
    double sum = 0;
    for (Line& comb : combs_) {
      double& frame = comb.Next();
      sum += frame;
      comb.lowpassed = frame * (1 - damping_) + comb.lowpassed * damping_;
      frame = in + comb.lowpassed * feedback_;
    }
    for (Line& allpass : allpasses_) {
      double& frame = allpass.Next();
      const double late = frame;
      frame = sum + 0.5 * late;
      sum = late - sum;
    }
    return sum;
  }

 private:
  struct Line {
    std::vector<double> frames;
    double lowpassed = 0;
    size_t position = 0;
    double& Next() {
      position = (position + 1) % frames.size();
      return frames[position];
    }
  };
  double feedback_, damping_;
  std::vector<Line> combs_, allpasses_;
};

double Energy(std::span<const float> x) {
  double energy = 0;
  for (const double v : x) energy += v * v;
  return energy;
}

double Correlation(std::span<const float> x, std::span<const float> y) {
  double sum = 0;
  for (size_t n = 0; n < x.size(); ++n) sum += double{x[n]} * y[n];
  return sum / std::sqrt(Energy(x) * Energy(y));
}

const Settings kWetOnly = {{"dry_db", -120.0}, {"wet_db", 0.0}};

Settings Wet(Settings settings) {
  settings.insert(kWetOnly.begin(), kWetOnly.end());
  return settings;
}

class ReverbRateTest : public ::testing::TestWithParam<int> {};

TEST_P(ReverbRateTest, EqualsFreeverb) {
  const int rate = GetParam();
  const Clip in = Noise({rate, 2, 9000});
  const RunResult result = RunOrDie(
      "reverb",
      {{"room_size", 0.9}, {"damping", 0.3}, {"width", 0.6}, {"wet_db", -6.0}, {"dry_db", -12.0}},
      {in}, {.num_frames = 9000});
  SlowTank left(0.9, 0.3, rate, 0), right(0.9, 0.3, rate, 23);
  const double wet = std::pow(10, -0.3), dry = std::pow(10, -0.6);
  for (int n = 0; n < 9000; ++n) {
    const double x = in.channel(0)[n], y = in.channel(1)[n];
    const double l = left.Process(0.015 * (x + y)), r = right.Process(0.015 * (x + y));
    ASSERT_NEAR(result.outs[0].channel(0)[n], dry * x + wet * (0.8 * l + 0.2 * r), 1e-5);
    ASSERT_NEAR(result.outs[0].channel(1)[n], dry * y + wet * (0.8 * r + 0.2 * l), 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, ReverbRateTest, ::testing::Values(1, 300, 8000, 44100, 48000));

TEST(ReverbTest, BitsDoNotDependOnCallsOrReloading) {
  const Clip in = Noise({.num_frames = 8000});
  const Settings settings = {{"pre_delay_seconds", 0.011}};
  const RunResult whole = RunOrDie("reverb", settings, {in}, {.num_frames = 9000});
  const RunResult pieces =
      RunOrDie("reverb", settings, {in},
               {.chunk_frames = {1, 7, 256, 3, 130}, .num_frames = 9000, .reload_at_frame = 4321});
  for (int c = 0; c < 2; ++c) {
    EXPECT_TRUE(std::ranges::equal(whole.outs[0].channel(c), pieces.outs[0].channel(c)));
  }
}

TEST(ReverbTest, HasDecayedBy60DecibelsAtItsTail) {
  for (const double room_size : {0.0, 0.5, 1.0}) {
    const Clip in = Impulse({.num_frames = 1});
    const RunResult result =
        RunOrDie("reverb", Wet({{"room_size", room_size}, {"damping", 0.0}}), {in});
    const std::span<const float> out = std::as_const(result.outs[0]).channel(0);
    const int64_t window = 4800;
    const double early = Energy(out.subspan(2000, window));
    const double late = Energy(out.last(window));
    const double halfway = Energy(out.subspan(out.size() / 2 - window / 2, window));
    EXPECT_NEAR(10 * std::log10(late / early), -60, 9) << "room_size " << room_size;
    EXPECT_NEAR(10 * std::log10(halfway / early), -30, 6) << "room_size " << room_size;
  }
}

TEST(ReverbTest, DampingShortensHighFrequenciesOnly) {
  for (const double frequency_hz : {100.0, 8000.0}) {
    Clip in = Sine({.num_frames = 24000}, frequency_hz);
    const auto tail_energy = [&](double damping) {
      const RunResult result =
          RunOrDie("reverb", Wet({{"damping", damping}}), {in}, {.num_frames = 48000});
      return Energy(std::as_const(result.outs[0]).channel(0).subspan(30000, 12000));
    };
    const double ratio_db = 10 * std::log10(tail_energy(1) / tail_energy(0));
    if (frequency_hz < 1000) {
      EXPECT_GT(ratio_db, -3);
    } else {
      EXPECT_LT(ratio_db, -12);
    }
  }
}

TEST(ReverbTest, StaysFiniteAndBoundedWhileEverythingMoves) {
  const Clip in = Constant({48000, 3, 48000}, 1.0f);
  std::vector<float> slow(48000), fast(48000), gain(48000);
  for (int n = 0; n < 48000; ++n) {
    slow[n] = n % 9600 < 4800 ? 0 : 1;
    fast[n] = n % 64 < 32 ? 0 : 1;
    gain[n] = n % 50 < 25 ? -120 : 20;
  }
  const RunResult result = RunOrDie("reverb", {{"room_size", 1.0}}, {in},
                                    {.automation = {{"room_size", slow},
                                                    {"damping", fast},
                                                    {"wet_db", gain},
                                                    {"dry_db", gain},
                                                    {"width", fast}},
                                     .num_frames = 48000});
  // No more than 8 combs with a gain of at most 1 / (1 - 0.98), then all-passes of at most 3.
  const double bound = 10 * (1 + 0.03 * 8 * 50 * 81);
  for (int c = 0; c < 3; ++c) {
    for (const float x : result.outs[0].channel(c)) ASSERT_LT(std::abs(x), bound);
  }
}

TEST(ReverbTest, ChannelsAreDecorrelatedUnlessNarrow) {
  for (const int channels : {2, 8}) {
    const Clip in = Impulse({48000, channels, 1});
    const RunResult wide = RunOrDie("reverb", kWetOnly, {in});
    for (int a = 0; a < channels; ++a) {
      for (int b = 0; b < a; ++b) {
        const double correlation = Correlation(std::as_const(wide.outs[0]).channel(a),
                                               std::as_const(wide.outs[0]).channel(b));
        EXPECT_LT(std::abs(correlation), 0.3) << a << " " << b;
      }
    }
    const RunResult narrow = RunOrDie("reverb", Wet({{"width", 0.0}}), {in});
    EXPECT_NEAR(Correlation(std::as_const(narrow.outs[0]).channel(0),
                            std::as_const(narrow.outs[0]).channel(1)),
                1, 1e-6);
  }
}

TEST(ReverbTest, MonoIsAsLoudAsStereo) {
  const RunResult mono = RunOrDie("reverb", kWetOnly, {Impulse({48000, 1, 1})});
  const RunResult stereo = RunOrDie("reverb", kWetOnly, {Impulse({48000, 2, 1})});
  const size_t frames = mono.outs[0].num_frames();
  EXPECT_TRUE(std::ranges::equal(std::as_const(mono.outs[0]).channel(0),
                                 std::as_const(stereo.outs[0]).channel(0).first(frames),
                                 [](float x, float y) { return std::abs(x - y) < 1e-7; }));
}

TEST(ReverbTest, PreDelayShiftsTheReverberation) {
  const Clip in = Noise({.num_channels = 1, .num_frames = 3000});
  const RunResult plain = RunOrDie("reverb", Wet({}), {in}, {.num_frames = 6000});
  const RunResult later =
      RunOrDie("reverb", Wet({{"pre_delay_seconds", 0.01}}), {in}, {.num_frames = 6000});
  EXPECT_EQ(later.layout.tail_frames, plain.layout.tail_frames + 480);
  for (int n = 480; n < 6000; ++n) {
    ASSERT_NEAR(later.outs[0].channel(0)[n], plain.outs[0].channel(0)[n - 480], 2e-6);
  }
}

TEST(ReverbTest, TakesSixtyFourChannelsAtAnyRate) {
  for (const int rate : {1, 768000}) {
    const RunResult result =
        RunOrDie("reverb", {}, {Noise({rate, 64, 1000})}, {.num_frames = 1000});
    EXPECT_EQ(result.outs[0].num_channels(), 64);
    EXPECT_LT(result.layout.state_bytes, 128 << 20);
  }
}

}  // namespace
}  // namespace patchbay::testing
