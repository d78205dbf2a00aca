#ifndef CLIENTS_CPP_CLIENT_TEST_FIXTURE_H_
#define CLIENTS_CPP_CLIENT_TEST_FIXTURE_H_

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clients/cpp/client.h"
#include "gtest/gtest.h"
#include "server/server.h"

namespace patchbay::testing {

inline void ExpectEqual(const Clip& actual, const Clip& expected) {
  ASSERT_EQ(actual.num_channels(), expected.num_channels());
  ASSERT_EQ(actual.num_frames(), expected.num_frames());
  for (int c = 0; c < expected.num_channels(); ++c) {
    for (int64_t i = 0; i < expected.num_frames(); ++i) {
      ASSERT_EQ(actual.channel(c)[i], expected.channel(c)[i]) << "frame " << i;
    }
  }
}

// A server on a socket of its own, and a client.
class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    std::string name = "/tmp/client_test_XXXXXX";  // short: socket paths have 108 bytes at most
    directory_ = mkdtemp(name.data());
    internal::ServerConfig config;
    config.set_address("unix:" + directory_ + "/socket");
    config.set_log_level("off");
    server_ = *Server::Start(config);
    client_ = *Client::Connect(server_->address());
  }
  ~ClientTest() override {
    client_.reset();
    server_.reset();
    std::filesystem::remove_all(directory_);
  }

  ProcessResult ProcessOrDie(const v1::Description& description, const std::vector<Clip>& inputs,
                             const ProcessOptions& options = {}) {
    auto result = client_->Process(description, inputs, options);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *std::move(result) : ProcessResult{.clips = std::vector<Clip>(1)};
  }

  std::unique_ptr<Stream> OpenOrDie(const v1::Description& description,
                                    const SessionOptions& options = {}) {
    auto stream = client_->Open(description, options);
    EXPECT_TRUE(stream.ok()) << stream.status();
    return *std::move(stream);
  }

  std::string directory_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Client> client_;
};

}  // namespace patchbay::testing

#endif  // CLIENTS_CPP_CLIENT_TEST_FIXTURE_H_
