// Control signals across stages of a Pipeline.

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/graph/pipeline_test_harness.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;
using Curves = std::vector<std::vector<float>>;

// What `text` puts out of one clip, which must work.
Curves RunClip(const std::string& text, const Clip& in, int chunk = 1000) {
  auto out = Render(text, {in}, chunk);
  EXPECT_TRUE(out.ok()) << text << ": " << out.status();
  return out.ok() ? *out : Curves(1);
}

// A control signal by itself, as samples.
std::vector<float> Values(const std::string& text, const Clip& in) {
  auto pipeline = Make(text, {1}, {}, in.sample_rate_hz());
  EXPECT_TRUE(pipeline.ok()) << pipeline.status();
  EXPECT_TRUE((*pipeline)
                  ->Push(std::vector<ConstBlock>{in.Frames(0, in.num_frames())}, in.num_frames())
                  .ok());
  (*pipeline)->End();
  EXPECT_TRUE(WorkOff(**pipeline).ok());
  FrameQueue& queue = (*pipeline)->control(0);
  const auto values = queue.Front(queue.num_frames()).channel(0);
  return {values.begin(), values.end()};
}

Clip ToClip(const std::vector<float>& samples, int rate) {
  Clip clip(rate, 1, static_cast<int64_t>(samples.size()));
  std::ranges::copy(samples, clip.channel(0).begin());
  return clip;
}

float Amplified(float sample, float db) { return sample * std::pow(10.0f, db / 20); }

TEST(PipelineControlTest, MovesByTheTimeOfAnotherClip) {
  const Clip in = Noise({kRate, 1, 9000});
  const std::vector<float> envelope = Values("envelope_follower()", in);
  ASSERT_EQ(envelope.size(), 9000u);
  const Curves out = RunClip("e = envelope_follower(in)\nin | reverse() | gain(-20 * e)", in);
  ASSERT_EQ(out[0].size(), 9000u);
  for (int i = 0; i < 9000; ++i) {
    ASSERT_NEAR(out[0][i], Amplified(in.channel(0)[8999 - i], -20 * envelope[i]), 1e-5) << i;
  }
}

TEST(PipelineControlTest, IsReadAtTheSampleRateOfTheClip) {
  const Clip in = Noise({kRate, 1, 9600});
  const std::vector<float> envelope = Values("envelope_follower()", in);
  const std::vector<float> half = RunClip("resample(sample_rate_hz=24000)", in)[0];
  const std::vector<float> twice = RunClip("resample(sample_rate_hz=96000)", in)[0];
  const Curves out = RunClip(
      "e = envelope_follower(in)\n"
      "in | resample(sample_rate_hz=24000) | gain(-20 * e)\n"
      "in | resample(sample_rate_hz=96000) | gain(-20 * e)",
      in);
  ASSERT_EQ(out[0].size(), 4800u);
  for (int i = 0; i < 4800; ++i) {
    ASSERT_NEAR(out[0][i], Amplified(half[i], -20 * envelope[2 * i]), 1e-5) << i;
  }
  ASSERT_EQ(out[1].size(), 19200u);
  for (int i = 0; i < 19200; ++i) {
    const float next = envelope[std::min(9599, i / 2 + i % 2)];
    const float value = (envelope[i / 2] + next) / 2;
    ASSERT_NEAR(out[1][i], Amplified(twice[i], -20 * value), 1e-5) << i;
  }
}

TEST(PipelineControlTest, HoldsItsLastValue) {
  const Clip in = Noise({kRate, 1, 20'000});
  const float last = Values("envelope_follower()", in).back();
  const std::vector<float> longer = RunClip("time_stretch(2)", in)[0];
  const Curves out = RunClip("e = envelope_follower(in)\nin | time_stretch(2) | gain(-20 * e)", in);
  ASSERT_EQ(out[0].size(), longer.size());
  for (size_t i = 20'000; i < longer.size(); ++i) {
    ASSERT_NEAR(out[0][i], Amplified(longer[i], -20 * last), 1e-5) << i;
  }
}

TEST(PipelineControlTest, MovesEveryPieceFromItsStart) {
  const Clip in = Noise({kRate, 1, 3000});
  const std::vector<float> envelope = Values("envelope_follower()", in);
  const Curves out = RunClip(
      "e = envelope_follower(in)\n"
      "in | chop(mode=length, length_seconds=1000/48000) | gain(-20 * e)",
      in);
  ASSERT_EQ(out.size(), 3u);
  for (int i = 0; i < 3000; ++i) {
    ASSERT_NEAR(out[i / 1000][i % 1000], Amplified(in.channel(0)[i], -20 * envelope[i % 1000]),
                1e-5);
  }
}

TEST(PipelineControlTest, WhatDependsOnTimeAloneRunsInEveryStage) {
  const Clip in = Noise({kRate, 1, 9600});
  const std::vector<float> once = RunClip("gain(lfo(7Hz, 6))", in)[0];
  const Clip turned = ToClip({once.rbegin(), once.rend()}, kRate);
  const Curves out = RunClip("l = lfo(7Hz, 6)\nin | gain(l) | reverse() | gain(l)", in);
  EXPECT_EQ(out[0], RunClip("gain(lfo(7Hz, 6))", turned)[0]);
}

TEST(PipelineControlTest, AnLfoRunsAtTheRateOfWhatItMoves) {
  const Clip in = Noise({kRate, 1, 9600});
  for (const int rate : {24'000, 96'000}) {
    const std::string resample = "resample(sample_rate_hz=" + std::to_string(rate) + ")";
    const Clip resampled = ToClip(RunClip(resample, in)[0], rate);
    // Audio-rate, in a stage of its own; block-rate, between two nodes that resize.
    for (const std::string move : {"gain(lfo(7Hz, 6))", "time_stretch(1.5 + 0.1 * lfo(7Hz, 1))"}) {
      auto there = RunClip(resample + " | " + move, in);
      auto here = Make(move, {1}, {}, rate);
      ASSERT_TRUE(here.ok()) << here.status();
      ASSERT_TRUE((*here)
                      ->Push(std::vector<ConstBlock>{resampled.Frames(0, resampled.num_frames())},
                             resampled.num_frames())
                      .ok());
      (*here)->End();
      ASSERT_TRUE(WorkOff(**here).ok());
      FrameQueue& queue = (*here)->audio(0);
      const auto samples = queue.Front(queue.num_frames()).channel(0);
      EXPECT_EQ(there[0], std::vector<float>(samples.begin(), samples.end())) << move;
    }
  }
}

TEST(PipelineControlTest, OneLfoMovesClipsOfSeveralRates) {
  const Clip in = Noise({kRate, 1, 9600});
  const Curves out = RunClip(
      "[resample(sample_rate_hz=24000), resample(sample_rate_hz=96000)] | gain(lfo(7Hz, 6))", in);
  EXPECT_EQ(out[0], RunClip("resample(sample_rate_hz=24000) | gain(lfo(7Hz, 6))", in)[0]);
  EXPECT_EQ(out[1], RunClip("resample(sample_rate_hz=96000) | gain(lfo(7Hz, 6))", in)[0]);
}

TEST(PipelineControlTest, DoesNotDependOnHowTheInputIsCut) {
  const Clip in = Noise({kRate, 1, 9600});
  for (const std::string text : {
           "e = envelope_follower(in)\nin | resample(sample_rate_hz=44100) | gain(-20 * e)",
           "e = envelope_follower(in)\nin | resample(sample_rate_hz=32000) | time_stretch(1 + e)",
           "e = envelope_follower(in)\nin | time_stretch(0.5) | gain(-20 * e) | reverse | gain(e)",
           "[in, resample(sample_rate_hz=24000)] | pitch_shift(7 * lfo(3Hz, 1))",
       }) {
    const Curves whole = RunClip(text, in, 9600);
    EXPECT_EQ(RunClip(text, in, 37), whole) << text;
    EXPECT_EQ(RunClip(text, in, 4097), whole) << text;
  }
}

TEST(PipelineControlTest, OfAClipOfAnotherRate) {
  const Clip in = Noise({kRate, 1, 9600});
  const Clip low = ToClip(RunClip("resample(sample_rate_hz=24000)", in)[0], 24'000);
  const std::vector<float> high = RunClip("resample(sample_rate_hz=96000)", in)[0];
  const std::vector<float> envelope = Values("envelope_follower()", low);
  const Curves out = RunClip(
      "e = envelope_follower(resample(in, sample_rate_hz=24000))\n"
      "in | resample(sample_rate_hz=96000) | gain(-20 * e)",
      in);
  ASSERT_EQ(out[0].size(), 19200u);
  for (int i = 0; i < 19200; i += 4) {
    ASSERT_NEAR(out[0][i], Amplified(high[i], -20 * envelope[i / 4]), 1e-5) << i;
  }
}

// There is no time that both inputs of `combine` share.
TEST(PipelineControlTest, ArithmeticOfTwoRatesIsRefused) {
  const auto pipeline = Make(
      "a = envelope_follower(resample(in, sample_rate_hz=24000))\n"
      "b = envelope_follower(resample(in, sample_rate_hz=96000))\n"
      "in | gain(a * b)");
  EXPECT_EQ(pipeline.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(pipeline.status().message()), HasSubstr("resample one of them"));
}

TEST(PipelineControlTest, IsSetInEveryStage) {
  auto pipeline = *Make("l = lfo(7Hz, 6)\nin | gain(l) | resample(sample_rate_hz=24000) | gain(l)");
  v1::ControlSignal none;
  none.set_constant(0);
  ASSERT_TRUE(pipeline->SetControl("l", "depth", none, std::nullopt).ok());
  const Clip ones = Sine({kRate, 1, 9600}, 1000, 0.5);
  ASSERT_TRUE(pipeline->Push(std::vector<ConstBlock>{ones.Frames(0, 9600)}, 9600).ok());
  pipeline->End();
  ASSERT_TRUE(WorkOff(*pipeline).ok());
  const auto out = pipeline->audio(0).Front(4800).channel(0);
  for (int i = 1000; i < 3800; ++i) ASSERT_NEAR(out[i], ones.channel(0)[2 * i], 1e-3) << i;
}

}  // namespace
}  // namespace patchbay::testing
