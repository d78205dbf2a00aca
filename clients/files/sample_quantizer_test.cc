#include "clients/files/sample_quantizer.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

using ::testing::ElementsAre;

std::vector<int32_t> Convert(SampleQuantizer& quantizer, const std::vector<float>& samples) {
  std::vector<int32_t> integers(samples.size());
  const int count = static_cast<int>(samples.size());
  quantizer.Convert(ConstBlock(samples.data(), 1, count, count), integers);
  return integers;
}

TEST(SampleQuantizerTest, WholeStepsComeBack) {
  for (const int bits : {8, 16, 24}) {
    SampleQuantizer quantizer(bits, /*dither=*/true);
    const float scale = std::ldexp(1.0f, bits - 1);
    const auto integers = Convert(quantizer, {0, 1 / scale, -3 / scale, -1, 1 - 1 / scale});
    const int32_t step = int32_t{1} << (32 - bits);
    EXPECT_THAT(integers, ElementsAre(0, step, -3 * step, std::numeric_limits<int32_t>::min(),
                                      std::numeric_limits<int32_t>::max() - step + 1));
    EXPECT_EQ(quantizer.num_clipped(), 0);
  }
}

TEST(SampleQuantizerTest, ClipsAndCounts) {
  SampleQuantizer quantizer(16, /*dither=*/false);
  const float infinity = std::numeric_limits<float>::infinity();
  const auto integers = Convert(quantizer, {1, 1.001f, -2, 1e30f, -infinity, std::nanf(""), 0.25f});
  EXPECT_THAT(integers, ElementsAre(32767 << 16, 32767 << 16, -32768 * 65536, 32767 << 16,
                                    -32768 * 65536, -32768 * 65536, 8192 << 16));
  EXPECT_EQ(quantizer.num_clipped(), 4);
}

// Triangular dither of two steps makes the mean of the error 0 and its power a quarter of a step,
// whatever the value between two steps.
TEST(SampleQuantizerTest, DitherMakesTheErrorIndependentOfTheValue) {
  constexpr int kCount = 200000;
  for (const double value : {0.1, 0.5, 0.75}) {
    SampleQuantizer quantizer(16, /*dither=*/true);
    double sum = 0, power = 0;
    for (const int32_t integer :
         Convert(quantizer, std::vector<float>(kCount, static_cast<float>(value / 32768)))) {
      const double error = (integer >> 16) - value;
      sum += error;
      power += error * error;
    }
    EXPECT_NEAR(sum / kCount, 0, 0.006) << value;
    EXPECT_NEAR(power / kCount, 0.25, 0.005) << value;
  }
}

TEST(SampleQuantizerTest, InterleavesAndDoesNotDependOnPieces) {
  std::vector<float> samples(2 * 1000);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = std::sin(0.1f * i);
  const ConstBlock block(samples.data(), 2, 1000, 1000);
  SampleQuantizer whole(16, true), pieces(16, true);
  std::vector<int32_t> expected(2000), joined(2000);
  whole.Convert(block, expected);
  pieces.Convert(block.Frames(0, 7), std::span(joined).first(14));
  pieces.Convert(block.Frames(7, 993), std::span(joined).subspan(14));
  EXPECT_EQ(joined, expected);
  EXPECT_NEAR(expected[2 * 10 + 1] / 0x1p31, samples[1010], 1e-4);
}

}  // namespace
}  // namespace patchbay::testing
