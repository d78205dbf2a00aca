#include "processors/time/block_transform.h"

#include <random>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

AlignedFloats RandomBlock(int size, std::mt19937& random) {
  std::uniform_real_distribution<float> uniform(-1, 1);
  AlignedFloats block(size);
  for (float& x : block) x = uniform(random);
  return block;
}

TEST(BlockTransformTest, ProductsAreConvolutions) {
  std::mt19937 random(1);
  for (const int size : {16, 64, 512}) {
    const BlockTransform& transform = BlockTransform::OfSize(size);
    const AlignedFloats before = RandomBlock(size, random);
    const AlignedFloats now = RandomBlock(size, random);
    const AlignedFloats taps = RandomBlock(size, random);
    const AlignedFloats silence(size);
    AlignedFloats x(2 * size), h(2 * size), scratch(2 * size), y(size);
    transform.Forward(before.data(), now.data(), scratch.data(), x.data());
    transform.Forward(taps.data(), silence.data(), scratch.data(), h.data());
    for (int n = 0; n < 2 * size; n += 2) {
      const float re = x[n] * h[n] - x[n + 1] * h[n + 1];
      x[n + 1] = x[n] * h[n + 1] + x[n + 1] * h[n];
      x[n] = re;
    }
    transform.InverseSecond(x.data(), scratch.data(), y.data());
    for (int n = 0; n < size; ++n) {
      double sum = 0;
      for (int k = 0; k < size; ++k) {
        sum += double{taps[k]} * (k <= n ? now[n - k] : before[size + n - k]);
      }
      ASSERT_NEAR(y[n] / size, sum, 1e-6 * size) << "size " << size << " frame " << n;
    }
  }
}

TEST(BlockTransformTest, EverySizeIsMadeOnce) {
  EXPECT_EQ(&BlockTransform::OfSize(64), &BlockTransform::OfSize(64));
  EXPECT_EQ(BlockTransform::OfSize(128).size(), 128);
}

}  // namespace
}  // namespace patchbay::testing
