#include "clients/files/partial_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

class PartialFileTest : public ::testing::Test {
 protected:
  PartialFileTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }

  static void Write(PartialFile& file, const std::string& text) {
    const int descriptor = file.TakeDescriptor();
    EXPECT_EQ(write(descriptor, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    close(descriptor);
  }

  std::string Content(const std::string& name) {
    std::ifstream file(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  int NumFiles() { return std::distance(std::filesystem::directory_iterator(folder_), {}); }

  const std::string folder_ = ::testing::TempDir() + "/partial_file_test";
  const std::string path_ = folder_ + "/out";
};

TEST_F(PartialFileTest, TakesItsPlaceWhenCommitted) {
  std::ofstream(path_) << "old";
  chmod(path_.c_str(), 0640);
  auto file = *PartialFile::Create(path_);
  Write(*file, "new");
  EXPECT_EQ(Content("out"), "old");
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(Content("out"), "new");
  EXPECT_EQ(NumFiles(), 1);
  struct stat info;
  stat(path_.c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(PartialFileTest, LeavesNothingBehindUnlessCommitted) {
  {
    const auto file = *PartialFile::Create(path_);
    EXPECT_EQ(NumFiles(), 1);
  }
  EXPECT_EQ(NumFiles(), 0);
}

TEST_F(PartialFileTest, WritesToWhereALinkPoints) {
  std::ofstream(path_) << "old";
  std::filesystem::create_symlink("out", folder_ + "/link");
  auto file = *PartialFile::Create(folder_ + "/link");
  Write(*file, "new");
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ + "/link"));
  EXPECT_EQ(Content("out"), "new");
}

TEST_F(PartialFileTest, SaysWhyAPathCannotBeWritten) {
  EXPECT_EQ(PartialFile::Create(folder_).status().message(), folder_ + ": Is a directory");
  const std::string path = folder_ + "/none/out";
  EXPECT_EQ(PartialFile::Create(path).status().message(), path + ": No such file or directory");
}

TEST_F(PartialFileTest, DevicesStayWhereTheyAre) {
  auto file = *PartialFile::Create("/dev/null");
  Write(*file, "text");
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(PartialFileTest, Abandoned) {
  auto file = *PartialFile::Create(path_);
  AbandonPartialFiles();
  EXPECT_EQ(NumFiles(), 0);
  EXPECT_FALSE(file->Commit().ok());
  EXPECT_FALSE(PartialFile::Create(path_).ok());
}

}  // namespace
}  // namespace patchbay::testing
