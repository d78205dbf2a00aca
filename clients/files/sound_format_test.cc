#include "clients/files/sound_format.h"

#include <sndfile.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;

constexpr SoundFormat kFloatWav = {SF_FORMAT_WAV, SF_FORMAT_FLOAT};
constexpr SoundFormat kFlac16 = {SF_FORMAT_FLAC, SF_FORMAT_PCM_16};
constexpr SoundFormat kVorbis = {SF_FORMAT_OGG, SF_FORMAT_VORBIS};

std::string Choose(const char* path, const std::optional<SoundFormat>& source,
                   const char* container = "", const char* subtype = "") {
  const auto format = ChooseSoundFormat(path, container, subtype, source, 48000, 2);
  if (!format.ok()) return std::string(format.status().message());
  return ContainerName(*format) + " " + SubtypeName(*format);
}

TEST(SoundFormatTest, KeepsTheSubtypeOfTheSource) {
  EXPECT_EQ(Choose("a.wav", kFloatWav), "wav float");
  EXPECT_EQ(Choose("a.WAV", kFlac16), "wav pcm_16");
  EXPECT_EQ(Choose("dir.flac/a.aif", kFlac16), "aiff pcm_16");
}

TEST(SoundFormatTest, KeepsThePrecisionWhereTheContainerHasAnotherSubtype) {
  EXPECT_EQ(Choose("a.flac", kFloatWav), "flac pcm_24");  // the most that FLAC has
  EXPECT_EQ(Choose("a.wav", kVorbis), "wav pcm_16");
  EXPECT_EQ(Choose("a.flac", SoundFormat{SF_FORMAT_WAV, SF_FORMAT_PCM_U8}), "flac pcm_16");
  EXPECT_EQ(Choose("a.caf", SoundFormat{SF_FORMAT_CAF, SF_FORMAT_ALAC_24}), "caf pcm_24");
  EXPECT_EQ(Choose("a.wav", SoundFormat{SF_FORMAT_CAF, SF_FORMAT_ALAC_24}), "wav pcm_24");
}

TEST(SoundFormatTest, WritesNoAlacThatLibsndfileGarbles) {
  EXPECT_EQ(Choose("a.caf", kFlac16, "", "alac_16"), "caf alac_16");
  EXPECT_THAT(Choose("a.caf", kFlac16, "", "alac_24"), HasSubstr("cannot hold 'alac_24'"));
}

TEST(SoundFormatTest, HasDefaultsForGenerators) {
  EXPECT_EQ(Choose("a.wav", std::nullopt), "wav pcm_24");
  EXPECT_EQ(Choose("a.ogg", std::nullopt), "ogg vorbis");
  EXPECT_EQ(Choose("a.opus", std::nullopt), "ogg opus");
  EXPECT_EQ(Choose("a.mp3", std::nullopt), "mpeg mpeg_layer_iii");
}

TEST(SoundFormatTest, NamesOverrideInAnyCase) {
  EXPECT_EQ(Choose("a.wav", kFlac16, "AIFF", "Pcm_24"), "aiff pcm_24");
}

TEST(SoundFormatTest, SaysWhatThereIsToChooseFrom) {
  EXPECT_THAT(Choose("noise", kFlac16), HasSubstr("--format, one of wav, flac"));
  EXPECT_THAT(Choose("a.wav", kFlac16, "mp5"), HasSubstr("unknown format 'mp5'"));
  EXPECT_THAT(Choose("a.flac", kFlac16, "", "float"),
              HasSubstr("cannot hold 'float': choose one of pcm_16, pcm_24"));
}

TEST(SoundFormatTest, LongAudioGoesToContainersThatHoldIt) {
  constexpr int64_t kDay = int64_t{24} * 3600 * 48000;
  EXPECT_EQ(FitLength(kFloatWav, "a.wav", 2, 48000)->container, SF_FORMAT_WAV);
  EXPECT_EQ(FitLength(kFloatWav, "a.wav", 2, kDay)->container, SF_FORMAT_RF64);
  EXPECT_EQ(FitLength(kFlac16, "a.flac", 2, kDay)->container, SF_FORMAT_FLAC);
  const auto aiff = FitLength({SF_FORMAT_AIFF, SF_FORMAT_PCM_16}, "a.aiff", 2, kDay);
  EXPECT_THAT(std::string(aiff.status().message()), HasSubstr("ends at 4 GiB"));
}

}  // namespace
}  // namespace patchbay::testing
