#include "server/unix_socket.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/testing_server.h"

namespace patchbay::testing {
namespace {

using ::testing::HasSubstr;

TEST(UnixSocketTest, CreatesAPrivateDirectory) {
  const TemporaryFolder folder;
  const auto socket = UnixSocket::Claim(folder.path() + "/run/socket");
  ASSERT_TRUE(socket.ok()) << socket.status();
  struct stat info;
  ASSERT_EQ(stat((folder.path() + "/run").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST(UnixSocketTest, OnlyOneHasThePathAtATime) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/socket";
  {
    const auto first = UnixSocket::Claim(path);
    ASSERT_TRUE(first.ok());
    EXPECT_THAT(std::string(UnixSocket::Claim(path).status().message()),
                HasSubstr("another server"));
  }
  EXPECT_TRUE(UnixSocket::Claim(path).ok());
}

TEST(UnixSocketTest, ReplacesWhatAKilledServerLeft) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/socket";
  std::ofstream(path) << "stale";
  EXPECT_TRUE(UnixSocket::Claim(path).ok());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(UnixSocketTest, RefusesADirectoryThatOthersMayEnter) {
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  EXPECT_THAT(std::string(UnixSocket::Claim(folder.path() + "/socket").status().message()),
              HasSubstr("chmod 0700"));
}

TEST(UnixSocketTest, RefusesAPathThatIsTooLong) {
  EXPECT_EQ(UnixSocket::Claim("/tmp/" + std::string(200, 'x')).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace patchbay::testing
