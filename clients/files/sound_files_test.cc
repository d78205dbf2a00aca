// SoundWriter and SoundReader against each other.

#include <sndfile.h>

#include <filesystem>
#include <fstream>

#include "clients/files/sound_reader.h"
#include "clients/files/sound_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/signals.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;

std::string Path(const std::string& name) { return ::testing::TempDir() + "/" + name; }

void Write(const std::string& path, const Clip& clip, int format) {
  auto writer = *SoundWriter::Create(
      path, {.format = {format & SF_FORMAT_TYPEMASK, format & SF_FORMAT_SUBMASK},
             .sample_rate_hz = clip.sample_rate_hz(),
             .num_channels = clip.num_channels()});
  for (int first = 0; first < clip.num_frames(); first += 700) {
    const int count = std::min<int>(700, clip.num_frames() - first);
    EXPECT_TRUE(writer->Write(clip.Frames(first, count)).ok());
  }
  EXPECT_TRUE(writer->Commit().ok());
}

void ExpectNear(const Clip& a, const Clip& b, float tolerance) {
  ASSERT_EQ(a.num_channels(), b.num_channels());
  ASSERT_EQ(a.num_frames(), b.num_frames());
  for (int c = 0; c < a.num_channels(); ++c) {
    for (int i = 0; i < a.num_frames(); ++i) {
      ASSERT_NEAR(a.channel(c)[i], b.channel(c)[i], tolerance) << c << " " << i;
    }
  }
}

TEST(SoundFilesTest, SamplesComeBack) {
  const auto round_trip = [](const Clip& clip, int format) {
    Write(Path("round_trip"), clip, format);
    return *ReadClip(Path("round_trip"));
  };
  const Clip clip = Noise({44100, 3, 10000});
  ExpectNear(round_trip(clip, SF_FORMAT_WAV | SF_FORMAT_FLOAT), clip, 0);
  ExpectNear(round_trip(clip, SF_FORMAT_AIFF | SF_FORMAT_DOUBLE), clip, 0);
  ExpectNear(round_trip(clip, SF_FORMAT_FLAC | SF_FORMAT_PCM_24), clip, 0x1p-23);
  ExpectNear(round_trip(clip, SF_FORMAT_WAV | SF_FORMAT_PCM_16), clip, 0x1.8p-15);
  ExpectNear(round_trip(clip, SF_FORMAT_WAV | SF_FORMAT_PCM_U8), clip, 0x1.8p-7);
  // ALAC puts more than two channels into the order of its speakers.
  const Clip stereo = Noise({44100, 2, 10000});
  ExpectNear(round_trip(stereo, SF_FORMAT_CAF | SF_FORMAT_ALAC_16), stereo, 0x1.8p-15);
}

TEST(SoundFilesTest, TheSameAudioGivesTheSameBytes) {
  const Clip clip = Noise({44100, 2, 5000});
  Write(Path("a.wav"), clip, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  Write(Path("b.wav"), clip, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  const auto content = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(content(Path("a.wav")), content(Path("b.wav")));
}

TEST(SoundFilesTest, ReadsWhatIsThereOfATruncatedFile) {
  Write(Path("cut.wav"), Noise({44100, 1, 10000}), SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  std::filesystem::resize_file(Path("cut.wav"), 10044);
  const auto reader = *SoundReader::Open(Path("cut.wav"));
  EXPECT_THAT(reader->warning(), HasSubstr("announces 20000 bytes of audio and 10000 are there"));
  Clip clip(44100, 1, 10000);
  EXPECT_EQ(*reader->Read(clip.Frames(0, 10000)), 5000);
}

TEST(SoundFilesTest, SaysWhatCannotBeRead) {
  std::ofstream(Path("text.wav")) << "This is no audio.";
  EXPECT_THAT(std::string(SoundReader::Open(Path("text.wav")).status().message()),
              HasSubstr("text.wav is not audio that can be read: "));
  EXPECT_THAT(std::string(SoundReader::Open(Path("none.wav")).status().message()),
              HasSubstr("none.wav: No such file or directory"));
}

}  // namespace
}  // namespace patchbay::testing
