#include "processors/graph/pipeline.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/core/clip_restriction.h"
#include "processors/graph/pipeline_test_harness.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

TEST(PipelineTest, AWholeClipBetweenStreams) {
  const Clip noise = Noise({kRate, 1, 5000});
  const auto out = Render("gain(6dB) | reverse() | gain(-6dB)", {noise});
  ASSERT_TRUE(out.ok()) << out.status();
  ASSERT_EQ(out->size(), 1u);
  ASSERT_EQ((*out)[0].size(), 5000u);
  for (int i = 0; i < 5000; ++i) ASSERT_NEAR((*out)[0][i], noise.channel(0)[4999 - i], 1e-6);
}

TEST(PipelineTest, ChoppedPiecesAreMultiplexedAndJoined) {
  const Clip noise = Noise({kRate, 1, 5000});
  const auto out =
      Render("chop(mode=length, length_seconds=1000/48000) | reverse() | catenate()", {noise});
  ASSERT_TRUE(out.ok()) << out.status();
  ASSERT_EQ((*out)[0].size(), 5000u);
  for (int i = 0; i < 5000; ++i) {
    const int piece = i / 1000 * 1000;
    ASSERT_EQ((*out)[0][i], noise.channel(0)[piece + 999 - (i - piece)]) << i;
  }
}

TEST(PipelineTest, SilenceIsChoppedIntoOneEmptyPiece) {
  const Clip silence(kRate, 1, 4800);
  for (const char* then :
       {"reverse()", "catenate()", "sort()", "normalize()", "resample(16000)", "gain(-6dB)",
        "mix()", "gain({0, 1s: -6})", "time_stretch({1, 1s: 2}) | catenate()"}) {
    const auto outs = Render(std::string("chop(mode=silence) | ") + then, {silence});
    ASSERT_TRUE(outs.ok()) << then << ": " << outs.status();
    ASSERT_EQ(outs->size(), 1u) << then;
    EXPECT_TRUE((*outs)[0].empty()) << then;
  }
}

std::vector<Clip> Nothing(Clip) { return {}; }
const ClipRestriction kNothing(&Nothing, {.name = "test_nothing",
                                          .summary = "Puts out no clips at all.",
                                          .doc = "As a chopper that found nothing might.",
                                          .category = "tests",
                                          .example = "test_nothing()"});

TEST(PipelineTest, WhereNoClipsComeNothingComesOut) {
  const Clip noise = Noise({kRate, 1, 4800});
  for (const char* then : {"reverse()", "catenate()", "sort()", "resample(16000)", "gain(-6dB)",
                           "reverse() | catenate() | reverb()", "gain({0, 1s: -6})",
                           "time_stretch({1, 1s: 2}) | catenate()"}) {
    const auto outs = Render(std::string("test_nothing() | ") + then, {noise});
    ASSERT_TRUE(outs.ok()) << then << ": " << outs.status();
    EXPECT_TRUE(outs->empty()) << then;
  }
}

TEST(PipelineTest, OutputsArePendingUntilTheirNumberIsKnown) {
  auto pipeline = *Make("chop(mode=length, length_seconds=0.01) | gain(-6dB)");
  EXPECT_EQ(pipeline->outputs(), nullptr);
  const Clip noise = Noise({kRate, 1, 1200});
  ASSERT_TRUE(pipeline->Push(std::vector<ConstBlock>{noise.Frames(0, 1200)}, 1200).ok());
  pipeline->End();
  ASSERT_TRUE(WorkOff(*pipeline).ok());
  ASSERT_NE(pipeline->outputs(), nullptr);
  EXPECT_EQ(pipeline->outputs()->size(), 3u);
  EXPECT_EQ(pipeline->audio(2).num_frames(), 240);
}

TEST(PipelineTest, ATailBelongsToEveryPiece) {
  const auto out = Render(
      "chop(mode=length, length_seconds=0.01) | "
      "delay(delay_seconds=0.01, mix=1, feedback=0)",
      {Noise({kRate, 1, 960})});
  ASSERT_TRUE(out.ok()) << out.status();
  ASSERT_EQ(out->size(), 2u);
  EXPECT_EQ((*out)[0].size(), 960u);
}

TEST(PipelineTest, ResizingStreamsAndChangesTheRate) {
  auto pipeline = *Make("resample(sample_rate_hz=24000) | gain(0dB)");
  ASSERT_NE(pipeline->outputs(), nullptr);
  EXPECT_EQ((*pipeline->outputs())[0].sample_rate_hz, 24000);
  const Clip sine = Sine({kRate, 1, 48000}, 1000, 0.5);
  ASSERT_TRUE(pipeline->Push(std::vector<ConstBlock>{sine.Frames(0, 48000)}, 48000).ok());
  ASSERT_TRUE(WorkOff(*pipeline).ok());
  EXPECT_GT(pipeline->audio(0).num_frames(), 20000) << "before the end";
  pipeline->End();
  ASSERT_TRUE(WorkOff(*pipeline).ok());
  ASSERT_EQ(pipeline->audio(0).num_frames(), 24000);
  const auto out = pipeline->audio(0).Front(24000).channel(0);
  for (int i = 1000; i < 23000; ++i) ASSERT_NEAR(out[i], sine.channel(0)[2 * i], 1e-3) << i;
}

TEST(PipelineTest, OutputsOfAListNeedNotBeAlike) {
  const auto out = Render("[gain(0dB), resample(sample_rate_hz=24000)]", {Noise({kRate, 1, 4800})});
  ASSERT_TRUE(out.ok()) << out.status();
  ASSERT_EQ(out->size(), 2u);
  EXPECT_EQ((*out)[0].size(), 4800u);
  EXPECT_EQ((*out)[1].size(), 2400u);
}

TEST(PipelineTest, EveryPieceHasItsOwnControlOutput) {
  auto pipeline = *Make("chop(mode=positions, positions_seconds=[0.01]) | level()");
  const Clip noise = Noise({kRate, 1, 1200});
  ASSERT_TRUE(pipeline->Push(std::vector<ConstBlock>{noise.Frames(0, 1200)}, 1200).ok());
  pipeline->End();
  ASSERT_TRUE(WorkOff(*pipeline).ok());
  ASSERT_EQ(pipeline->control_outputs().size(), 4u);
  EXPECT_EQ(pipeline->control_outputs()[0].name, "level.peak_db[0]");
  EXPECT_EQ(pipeline->control_outputs()[1].name, "level.peak_db[1]");
  EXPECT_EQ(pipeline->control(0).num_frames(), 480);
  EXPECT_EQ(pipeline->control(1).num_frames(), 720);
}

TEST(PipelineTest, BranchesMeetAfterAWholeClip) {
  const Clip noise = Noise({kRate, 1, 3000});
  const auto out = Render("back = in | reverse()\nin + back", {noise}, 700);
  ASSERT_TRUE(out.ok()) << out.status();
  for (int i = 0; i < 3000; ++i) {
    ASSERT_FLOAT_EQ((*out)[0][i], noise.channel(0)[i] + noise.channel(0)[2999 - i]);
  }
}

TEST(PipelineTest, WhatWaitsIsLimited) {
  auto pipeline = *Make("reverse()", {2}, {.max_bytes = 100'000});
  const Clip noise = Noise({kRate, 2, 20'000});
  absl::Status status = pipeline->Push(std::vector<ConstBlock>{noise.Frames(0, 20'000)}, 20'000);
  if (status.ok()) status = WorkOff(*pipeline);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

TEST(PipelineTest, WorkStopsWhenProgressSaysSo) {
  auto pipeline = *Make("reverse()");
  const Clip noise = Noise({kRate, 1, 1000});
  ASSERT_TRUE(pipeline->Push(std::vector<ConstBlock>{noise.Frames(0, 1000)}, 1000).ok());
  pipeline->End();
  const auto cancel = [](const NodeWork& work) {
    return work.node == "reverse" ? absl::CancelledError("enough") : absl::OkStatus();
  };
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) more = pipeline->Work(cancel);
  EXPECT_EQ(more.status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace patchbay::testing
