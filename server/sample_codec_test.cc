#include "server/sample_codec.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace patchbay {
namespace {

using ::testing::ElementsAre;

Clip Stereo() {
  Clip clip(48000, 2, 3);
  for (int i = 0; i < 3; ++i) {
    clip.channel(0)[i] = 0.25f * static_cast<float>(i);
    clip.channel(1)[i] = -0.5f;
  }
  return clip;
}

TEST(SampleCodecTest, EveryEncodingComesBack) {
  for (const v1::SampleEncoding encoding :
       {v1::SAMPLE_ENCODING_UNSPECIFIED, v1::SAMPLE_ENCODING_FLOAT32_PLANAR,
        v1::SAMPLE_ENCODING_FLOAT32_INTERLEAVED, v1::SAMPLE_ENCODING_INT16_INTERLEAVED}) {
    const auto clip = DecodeClip(EncodeClip(Stereo(), encoding), 64, 48000);
    ASSERT_TRUE(clip.ok()) << clip.status();
    EXPECT_THAT(clip->channel(0), ElementsAre(0, 0.25f, 0.5f));
    EXPECT_THAT(clip->channel(1), ElementsAre(-0.5f, -0.5f, -0.5f));
  }
}

TEST(SampleCodecTest, IntegersAreClipped) {
  Clip loud(48000, 1, 2);
  loud.channel(0)[0] = 3;
  loud.channel(0)[1] = -3;
  const v1::Clip bytes = EncodeClip(loud, v1::SAMPLE_ENCODING_INT16_INTERLEAVED);
  EXPECT_EQ(bytes.samples(), std::string("\xff\x7f\x00\x80", 4));
}

TEST(SampleCodecTest, BadClipsAreRefused) {
  v1::Clip clip = EncodeClip(Stereo(), v1::SAMPLE_ENCODING_FLOAT32_PLANAR);
  EXPECT_FALSE(DecodeClip(clip, 1, 48000).ok()) << "too many channels";
  EXPECT_FALSE(DecodeClip(clip, 64, 8000).ok()) << "too high a rate";
  clip.mutable_samples()->pop_back();
  EXPECT_FALSE(DecodeClip(clip, 64, 48000).ok()) << "not whole frames";
  EXPECT_FALSE(DecodeClip({}, 64, 48000).ok()) << "no format";
}

}  // namespace
}  // namespace patchbay
