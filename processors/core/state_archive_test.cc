#include "processors/core/state_archive.h"

#include <array>
#include <limits>

#include "gtest/gtest.h"

namespace patchbay {
namespace {

struct Memory {
  float gain = 0.25f;
  std::array<double, 3> history = {1, 2, 3};
  int position = 7;
  uint64_t random = ~uint64_t{0};

  void Archive(StateArchive& archive) {
    archive.Value(gain);
    archive.Values(history);
    archive.Index(position, 10);
    archive.Bits(random);
  }
};

std::string Saved(Memory memory) {
  std::string bytes;
  StateArchive archive = StateArchive::Saving(&bytes);
  memory.Archive(archive);
  EXPECT_TRUE(archive.Finish().ok());
  return bytes;
}

absl::Status Load(const std::string& bytes, Memory& memory) {
  StateArchive archive = StateArchive::Loading(bytes);
  memory.Archive(archive);
  return archive.Finish();
}

TEST(StateArchiveTest, LoadsWhatWasSaved) {
  Memory loaded = {.gain = 0, .history = {}, .position = 0, .random = 0};
  ASSERT_TRUE(Load(Saved({}), loaded).ok());
  EXPECT_EQ(loaded.gain, 0.25f);
  EXPECT_EQ(loaded.history, Memory().history);
  EXPECT_EQ(loaded.position, 7);
  EXPECT_EQ(loaded.random, ~uint64_t{0});
}

TEST(StateArchiveTest, RefusesWhatDoesNotFit) {
  Memory memory;
  EXPECT_FALSE(Load("", memory).ok());
  EXPECT_FALSE(Load(Saved({}) + "x", memory).ok());
  EXPECT_FALSE(Load(Saved({.gain = std::numeric_limits<float>::infinity()}), memory).ok());
  EXPECT_FALSE(Load(Saved({.position = 10}), memory).ok());
  EXPECT_GE(memory.position, 0);
  EXPECT_LT(memory.position, 10) << "a refused index is never left to be used";
  EXPECT_FALSE(Load(Saved({.position = -1}), memory).ok());
}

}  // namespace
}  // namespace patchbay
