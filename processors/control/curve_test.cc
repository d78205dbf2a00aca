#include "processors/control/curve.h"

#include <cmath>
#include <functional>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

float At(Curve curve, double from, double to, float x) {
  CurveSegment(curve, from, to).Apply({&x, 1});
  return x;
}

TEST(CurveTest, FollowsItsFormula) {
  for (float x = 0; x <= 1; x += 0.01f) {
    EXPECT_NEAR(At(Curve::kLinear, -3, 5, x), -3 + 8 * x, 1e-6);
    EXPECT_NEAR(At(Curve::kSmooth, -3, 5, x), -3 + 8 * (3 * x * x - 2 * x * x * x), 2e-6);
    const double sweep = 20 * std::pow(1000.0, x);
    EXPECT_NEAR(At(Curve::kExponential, 20, 20000, x), sweep, 2e-6 * sweep);
    const double negative = -8 * std::pow(0.125, x);
    EXPECT_NEAR(At(Curve::kExponential, -8, -1, x), negative, 3e-6);
  }
}

TEST(CurveTest, IsExactAtBothEnds) {
  for (const Curve curve : {Curve::kLinear, Curve::kExponential, Curve::kSmooth, Curve::kStep}) {
    for (const double from : {-1e6, -0.3, 0.0, 1e-4, 0.3, 1e6}) {
      for (const double to : {-1e6, -0.7, 0.0, 1e-5, 0.7, 1e6}) {
        EXPECT_EQ(At(curve, from, to, 0), static_cast<float>(from));
        EXPECT_EQ(At(curve, from, to, 1), static_cast<float>(to));
      }
    }
  }
}

TEST(CurveTest, ZeroIsReachedByWayOfMinus60Decibels) {
  EXPECT_NEAR(At(Curve::kExponential, 1, 0, 0.5f), std::pow(10.0, -30.0 / 20), 1e-3);
  EXPECT_NEAR(At(Curve::kExponential, 0, 1, 0.5f), std::pow(10.0, -30.0 / 20), 1e-3);
}

TEST(CurveTest, DifferentSignsAreJoinedByALine) {
  EXPECT_FLOAT_EQ(At(Curve::kExponential, -1, 1, 0.75f), 0.5f);
}

TEST(CurveTest, StaysFiniteFarOutside) {
  for (const Curve curve : {Curve::kLinear, Curve::kExponential, Curve::kSmooth, Curve::kStep}) {
    for (const float x : {-1e9f, 1e9f}) {
      for (const double from : {-1e6, 0.0, 1e-6, 1e6}) {
        for (const double to : {-1e6, 0.0, 1e-6, 1e6}) {
          EXPECT_TRUE(std::isfinite(At(curve, from, to, x)));
        }
      }
    }
  }
}

TEST(CurveTest, RendersTheSameFromWhereverItStarts) {
  const CurveSegment segment(Curve::kExponential, 0.1, 3);
  float whole[100];
  segment.Render(1000, 1010.3, 70.7, whole);
  for (int i = 0; i < 100; ++i) {
    float one;
    segment.Render(1000 + i, 1010.3, 70.7, {&one, 1});
    EXPECT_EQ(one, whole[i]);
  }
  EXPECT_EQ(whole[0], 0.1f);
  EXPECT_EQ(whole[99], 3.0f);
}

}  // namespace
}  // namespace patchbay::testing
