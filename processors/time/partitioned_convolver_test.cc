#include "processors/time/partitioned_convolver.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include "gtest/gtest.h"
#include "processors/core/clip.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

// One input, one output.
PartitionedConvolver Mono(const Clip& response) {
  return PartitionedConvolver({1, 1, 1, response.num_frames()}, {{0, 0, 0}}, {response.channel(0)},
                              1.0);
}

Clip Convolve(const PartitionedConvolver& convolver, const Clip& in, int num_outputs,
              const std::vector<int>& calls) {
  Clip out(in.sample_rate_hz(), num_outputs, in.num_frames());
  PartitionedConvolver::Memory memory = convolver.NewMemory();
  int64_t done = 0;
  for (size_t i = 0; done < in.num_frames(); ++i) {
    const int count =
        static_cast<int>(std::min<int64_t>(calls[i % calls.size()], in.num_frames() - done));
    convolver.Process(in.Frames(done, count), out.Frames(done, count), memory);
    done += count;
  }
  return out;
}

double Direct(std::span<const float> x, std::span<const float> h, int64_t n) {
  double sum = 0;
  for (int64_t k = std::max<int64_t>(0, n + 1 - std::ssize(x)); k < std::ssize(h) && k <= n; ++k) {
    sum += double{h[k]} * x[n - k];
  }
  return sum;
}

// Lengths around every change of the partition.
class ResponseLengthTest : public ::testing::TestWithParam<int> {};

TEST_P(ResponseLengthTest, EqualsDirectConvolution) {
  const Clip response = Noise({.num_channels = 1, .num_frames = GetParam()}, 2);
  const Clip in = Noise({.num_channels = 1, .num_frames = 2 * GetParam() + 1000}, 3);
  const Clip out = Convolve(Mono(response), in, 1, {256});
  double peak = 0;
  double error = 0;
  for (int64_t n = 0; n < in.num_frames(); n += 1 + GetParam() / 100) {
    const double expected = Direct(in.channel(0), response.channel(0), n);
    peak = std::max(peak, std::abs(expected));
    error = std::max(error, std::abs(out.channel(0)[n] - expected));
  }
  EXPECT_LT(error, 1e-6 * peak);
}

INSTANTIATE_TEST_SUITE_P(Lengths, ResponseLengthTest,
                         ::testing::Values(1, 2, 63, 64, 65, 128, 129, 512, 1535, 1536, 4096, 12287,
                                           12288, 12289, 30000));

TEST(PartitionedConvolverTest, AnImpulseGivesTheResponseFromItsFirstFrame) {
  const Clip response = Noise({.num_channels = 1, .num_frames = 20000}, 4);
  const Clip in = Impulse({.num_channels = 1, .num_frames = 21000}, 77);
  const Clip out = Convolve(Mono(response), in, 1, {256});
  for (int n = 0; n < 20000; ++n) {
    ASSERT_NEAR(out.channel(0)[77 + n], response.channel(0)[n], 1e-6) << "frame " << n;
  }
  for (int n = 0; n < 77; ++n) ASSERT_NEAR(out.channel(0)[n], 0, 1e-6);
}

TEST(PartitionedConvolverTest, BitsDoNotDependOnTheCalls) {
  const Clip response = Noise({.num_channels = 1, .num_frames = 14000}, 5);
  const Clip in = Noise({.num_channels = 1, .num_frames = 30000}, 6);
  const PartitionedConvolver convolver = Mono(response);
  const Clip expected = Convolve(convolver, in, 1, {256});
  for (const std::vector<int>& calls : {std::vector{1}, {63, 2, 255}, {64}, {17, 48, 96, 113}}) {
    const Clip out = Convolve(convolver, in, 1, calls);
    EXPECT_EQ(std::memcmp(out.channel(0).data(), expected.channel(0).data(), 30000 * sizeof(float)),
              0);
  }
}

TEST(PartitionedConvolverTest, PathsAddUp) {
  const Clip responses = Noise({.num_channels = 3, .num_frames = 2000}, 7);
  const Clip in = Noise({.num_channels = 2, .num_frames = 4000}, 8);
  const PartitionedConvolver convolver(
      {2, 2, 3, 2000}, {{1, 1, 2}, {0, 0, 0}, {1, 0, 1}},
      {responses.channel(0), responses.channel(1), responses.channel(2)}, 0.5);
  const Clip out = Convolve(convolver, in, 2, {256});
  for (int64_t n = 0; n < 4000; n += 13) {
    const double left = Direct(in.channel(0), responses.channel(0), n) +
                        Direct(in.channel(1), responses.channel(1), n);
    const double right = Direct(in.channel(1), responses.channel(2), n);
    ASSERT_NEAR(out.channel(0)[n], 0.5 * left, 2e-5);
    ASSERT_NEAR(out.channel(1)[n], 0.5 * right, 2e-5);
  }
}

}  // namespace
}  // namespace patchbay::testing
