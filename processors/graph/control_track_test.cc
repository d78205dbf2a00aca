#include "processors/graph/control_track.h"

#include <array>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace patchbay {
namespace {

constexpr int kRate = 1000;

ParameterSpec Parameter(Rate rate, double smoothing_seconds) {
  return {.name = "x", .rate = rate, .smoothing_seconds = smoothing_seconds};
}

// The values that a node sees, read in calls of up to `chunk` frames.
std::vector<float> Values(const ControlTrack& track, int num_frames, int chunk) {
  std::vector<float> values;
  std::array<float, 256> scratch;
  for (int frame = 0; frame < num_frames;) {
    const int count = track.CallFrames(frame, std::min(chunk, num_frames - frame));
    const Control control = track.Read(frame, count, scratch);
    for (int i = 0; i < count; ++i) values.push_back(control[i]);
    frame += count;
  }
  return values;
}

TEST(ControlTrackTest, AStepLandsOnItsFrame) {
  for (const Rate rate : {Rate::kBlock, Rate::kAudio}) {
    ControlTrack track(Parameter(rate, 0), 1, nullptr, kRate);
    ASSERT_TRUE(track.Set(2, 123, 0).ok());
    const std::vector<float> values = Values(track, 300, 256);
    for (int i = 0; i < 300; ++i) ASSERT_EQ(values[i], i < 123 ? 1 : 2) << i;
  }
}

TEST(ControlTrackTest, ASmoothedChangeIsAStraightRamp) {
  ControlTrack track(Parameter(Rate::kAudio, 0.1), 0, nullptr, kRate);
  ASSERT_TRUE(track.Set(1, 50, 0).ok());
  const std::vector<float> values = Values(track, 300, 64);
  EXPECT_EQ(values[50], 0);
  EXPECT_FLOAT_EQ(values[75], 0.25f);
  EXPECT_FLOAT_EQ(values[149], 0.99f);
  EXPECT_EQ(values[150], 1);
}

TEST(ControlTrackTest, AChangeDuringARampStartsWhereItIs) {
  ControlTrack track(Parameter(Rate::kAudio, 0.1), 0, nullptr, kRate);
  ASSERT_TRUE(track.Set(1, 0, 0).ok());
  ASSERT_TRUE(track.Set(0, 50, 0).ok());
  const std::vector<float> values = Values(track, 200, 64);
  EXPECT_FLOAT_EQ(values[50], 0.5f);
  EXPECT_FLOAT_EQ(values[100], 0.25f);
  EXPECT_EQ(values[150], 0);
}

TEST(ControlTrackTest, WhatANodeSeesDoesNotDependOnTheCalls) {
  for (const Rate rate : {Rate::kBlock, Rate::kAudio}) {
    ControlTrack track(Parameter(rate, 0.07), 0, nullptr, kRate);
    ASSERT_TRUE(track.Set(1, 10, 0).ok());
    ASSERT_TRUE(track.Set(-1, 45, 0).ok());
    ASSERT_TRUE(track.Set(3, 200, 0).ok());
    const std::vector<float> whole = Values(track, 400, 256);
    for (const int chunk : {1, 7, 32, 100}) EXPECT_EQ(Values(track, 400, chunk), whole);
  }
}

TEST(ControlTrackTest, OrderOfSettingDoesNotMatter) {
  ControlTrack forward(Parameter(Rate::kAudio, 0.05), 0, nullptr, kRate);
  ControlTrack backward(Parameter(Rate::kAudio, 0.05), 0, nullptr, kRate);
  ASSERT_TRUE(forward.Set(1, 10, 0).ok() && forward.Set(2, 30, 0).ok());
  ASSERT_TRUE(backward.Set(2, 30, 0).ok() && backward.Set(1, 10, 0).ok());
  EXPECT_EQ(Values(forward, 200, 64), Values(backward, 200, 64));
}

ControlTrack::CurvePtr MakeCurve(std::vector<ControlSignal::Point> points) {
  return std::make_shared<const ControlSignal>(*ControlSignal::FromPoints(std::move(points)));
}

TEST(ControlTrackTest, FollowsACurveFrameByFrame) {
  const auto curve = MakeCurve({{10, 0}, {110, 1}, {110, 3}, {200, 5, Curve::kStep}});
  const ControlTrack track(Parameter(Rate::kAudio, 0.1), 7, curve, kRate);
  const std::vector<float> values = Values(track, 300, 64);
  for (int i = 0; i < 300; ++i) ASSERT_EQ(values[i], static_cast<float>(curve->ValueAt(i))) << i;
}

TEST(ControlTrackTest, StepsOfACurveLandOnTheirFrameAtRateBlock) {
  const auto curve = MakeCurve({{0, 1}, {123, 2, Curve::kStep}, {131, 3, Curve::kStep}});
  const ControlTrack track(Parameter(Rate::kBlock, 0), 0, curve, kRate);
  const std::vector<float> values = Values(track, 300, 256);
  for (int i = 0; i < 300; ++i) ASSERT_EQ(values[i], i < 123 ? 1 : i < 131 ? 2 : 3) << i;
}

TEST(ControlTrackTest, ALiveCurveStartsAtItsFrameAndCanBeReplaced) {
  ControlTrack track(Parameter(Rate::kAudio, 0.1), 1, nullptr, kRate);
  ASSERT_TRUE(track.Set(MakeCurve({{0, 2}, {100, 4}}), 50, 0).ok());
  ASSERT_TRUE(track.Set(0, 100, 0).ok());
  const std::vector<float> values = Values(track, 300, 64);
  EXPECT_EQ(values[49], 1);
  EXPECT_EQ(values[50], 2);
  EXPECT_FLOAT_EQ(values[75], 2.5f);
  EXPECT_FLOAT_EQ(values[150], 1.5f) << "half-way down from 3";
  EXPECT_EQ(values[200], 0);
}

TEST(ControlTrackTest, CurvesDoNotDependOnTheCalls) {
  for (const Rate rate : {Rate::kBlock, Rate::kAudio}) {
    ControlTrack track(Parameter(rate, 0.07), 0,
                       MakeCurve({{-20, 1}, {45, 5, Curve::kSmooth}, {45, 1}, {90.5, 8}}), kRate);
    ASSERT_TRUE(track.Set(MakeCurve({{3, 1}, {77, 5, Curve::kExponential}}), 130, 0).ok());
    const std::vector<float> whole = Values(track, 400, 256);
    for (const int chunk : {1, 7, 32, 100}) EXPECT_EQ(Values(track, 400, chunk), whole);
  }
}

TEST(ControlTrackTest, HeldReadingsAreThoseOfTheCalls) {
  ControlTrack tracks[] = {
      {Parameter(Rate::kBlock, 0.07), 3, nullptr, kRate},
      {Parameter(Rate::kBlock, 0.07), 0, MakeCurve({{-20, 1}, {345, 5}, {345, 1}, {900.5, 8}}),
       kRate},
      {Parameter(Rate::kBlock, 0), 0, MakeCurve({{3, 1}, {777, 5, Curve::kExponential}}), kRate}};
  for (ControlTrack& track : tracks) {
    ASSERT_TRUE(track.Set(7, 470, 0).ok());
    ASSERT_TRUE(track.Set(MakeCurve({{0, 2}, {200, 4, Curve::kSmooth}}), 653, 0).ok());
    const std::vector<float> expected = Values(track, 1000, 256);
    for (const int chunk : {1, 7, 32, 100, 256}) {
      std::vector<float> held(1000);
      std::array<float, 256> scratch;
      for (int frame = 0; frame < 1000; frame += chunk) {
        const int count = std::min(chunk, 1000 - frame);
        const Control control = track.ReadHeld(frame, count, scratch);
        for (int i = 0; i < count; ++i) held[frame + i] = control[i];
      }
      EXPECT_EQ(held, expected) << chunk;
    }
  }
}

TEST(ControlTrackTest, PendingChangesAreBounded) {
  ControlTrack track(Parameter(Rate::kAudio, 0), 0, nullptr, kRate);
  absl::Status status;
  for (int i = 0; i < 10000 && status.ok(); ++i) status = track.Set(i, i, 0);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(track.Set(1, 20000, 20000).ok()) << "what is over is forgotten";
}

TEST(ControlTrackTest, RestoreRefusesNonsense) {
  ControlTrack track(Parameter(Rate::kAudio, 0), 0, nullptr, kRate);
  EXPECT_FALSE(track.Restore({}).ok());
  EXPECT_FALSE(track.Restore({{5, 0, 0, nullptr}, {4, 0, 0, nullptr}}).ok());
  EXPECT_FALSE(track.Restore({{5, 0, std::numeric_limits<double>::infinity(), nullptr}}).ok());
}

}  // namespace
}  // namespace patchbay
