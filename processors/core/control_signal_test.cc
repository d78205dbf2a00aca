#include "processors/core/control_signal.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "gtest/gtest.h"

namespace patchbay {
namespace {

using Point = ControlSignal::Point;

ControlSignal Points(std::vector<Point> points) {
  return *ControlSignal::FromPoints(std::move(points));
}

TEST(ControlSignalTest, HoldsItsEndsAndFollowsItsCurves) {
  const ControlSignal signal = Points({{100, 1},
                                       {200, 3},
                                       {300, 12, Curve::kExponential},
                                       {400, 10, Curve::kSmooth},
                                       {500, 0, Curve::kStep}});
  EXPECT_EQ(signal.ValueAt(-7), 1);
  EXPECT_EQ(signal.ValueAt(150), 2);
  EXPECT_DOUBLE_EQ(signal.ValueAt(250), 6);
  EXPECT_DOUBLE_EQ(signal.ValueAt(325), 12 - 2 * 0.5 * (1 - std::cos(std::numbers::pi / 4)));
  EXPECT_EQ(signal.ValueAt(499), 10);
  EXPECT_EQ(signal.ValueAt(500), 0);
  EXPECT_EQ(signal.ValueAt(1'000'000), 0);
  EXPECT_EQ(signal.minimum(), 0);
  EXPECT_EQ(signal.maximum(), 12);
}

TEST(ControlSignalTest, TwoPointsAtOneFrameAreAStep) {
  const ControlSignal signal = Points({{0, 1}, {12345, 1}, {12345, 5}, {20000, 5}});
  EXPECT_EQ(signal.ValueAt(12344), 1);
  EXPECT_EQ(signal.ValueAt(12345), 5);
}

TEST(ControlSignalTest, ExponentialThroughZeroIsLinear) {
  EXPECT_EQ(Points({{0, -1}, {10, 1, Curve::kExponential}}).ValueAt(5), 0);
}

TEST(ControlSignalTest, RenderEqualsValueAt) {
  const ControlSignal signals[] = {
      Points({{2.5, 1}, {7, 3, Curve::kSmooth}, {7, -1}, {20, -8, Curve::kExponential}}),
      *ControlSignal::FromSamples({1, 5, 2}, 4.5, Curve::kLinear),
      *ControlSignal::FromSamples({1, 5, 2}, 40, Curve::kStep),
      *ControlSignal::FromSamples({1, 5, 2, 7}, 1, Curve::kLinear),
      *ControlSignal::FromSamples({4}, 1, Curve::kStep),
  };
  for (const ControlSignal& signal : signals) {
    for (const int64_t first : {-5, 0, 3, 17}) {
      std::vector<float> values(150);
      for (const int stride : {1, 2, 7, 32}) {
        signal.Render(first, values, stride);
        for (int i = 0; i < 150; ++i) {
          const int64_t frame = first + i * stride;
          ASSERT_EQ(values[i], static_cast<float>(signal.ValueAt(frame))) << frame;
        }
      }
    }
  }
}

TEST(ControlSignalTest, SamplesAreConnectedOrHeld) {
  const ControlSignal linear = *ControlSignal::FromSamples({0, 10, 0}, 4, Curve::kLinear);
  EXPECT_EQ(linear.ValueAt(2), 5);
  EXPECT_EQ(linear.ValueAt(8), 0);
  const ControlSignal step = *ControlSignal::FromSamples({0, 10, 0}, 4, Curve::kStep);
  EXPECT_EQ(step.ValueAt(7), 10);
  EXPECT_EQ(step.ValueAt(8), 0);
}

TEST(ControlSignalTest, PiecesBeginAtPointsAndLongSteps) {
  const ControlSignal points = Points({{10, 1}, {20.5, 2}, {30, 2, Curve::kStep}});
  EXPECT_EQ(points.NextPiece(-100), 10);
  EXPECT_EQ(points.NextPiece(10), 21);
  EXPECT_EQ(points.PieceStart(20), 10);
  EXPECT_EQ(points.PieceStart(21), 21);
  EXPECT_TRUE(points.Moves(15));
  EXPECT_FALSE(points.Moves(25));
  EXPECT_FALSE(points.Moves(5));
  EXPECT_EQ(points.NextPiece(30), std::numeric_limits<int64_t>::max());
  const ControlSignal steps = *ControlSignal::FromSamples({1, 2, 3}, 100.5, Curve::kStep);
  EXPECT_EQ(steps.NextPiece(0), 101);
  EXPECT_EQ(steps.NextPiece(101), 201);
  EXPECT_EQ(steps.PieceStart(150), 101);
}

TEST(ControlSignalTest, RefusesWhatIsNoCurve) {
  EXPECT_FALSE(ControlSignal::FromPoints({}).ok());
  EXPECT_FALSE(ControlSignal::FromPoints({{0, NAN}}).ok());
  EXPECT_FALSE(ControlSignal::FromPoints({{1e300, 0}}).ok());
  EXPECT_FALSE(ControlSignal::FromPoints({{1, 0}, {0, 0}}).ok());
  EXPECT_FALSE(ControlSignal::FromSamples({}, 1, Curve::kLinear).ok());
  EXPECT_FALSE(ControlSignal::FromSamples({1}, 0, Curve::kLinear).ok());
  EXPECT_FALSE(ControlSignal::FromSamples({1}, 1, Curve::kSmooth).ok());
  EXPECT_FALSE(ControlSignal::FromSamples({INFINITY}, 1, Curve::kLinear).ok());
}

}  // namespace
}  // namespace patchbay
