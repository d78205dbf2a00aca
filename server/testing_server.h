#ifndef SERVER_TESTING_SERVER_H_
#define SERVER_TESTING_SERVER_H_

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "patchbay/v1/patchbay.grpc.pb.h"
#include "server/server.h"

namespace patchbay::testing {

// A private folder for one test, removed at its end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string path = "/tmp/patchbay-test-XXXXXX";  // short: it holds socket paths
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    path_ = path;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A server on a private unix socket, and a client of it.
class TestServer {
 public:
  explicit TestServer(internal::ServerConfig config = {}) {
    if (!config.has_address()) config.set_address("unix:" + folder_.path() + "/socket");
    auto server = Server::Start(config);
    EXPECT_TRUE(server.ok()) << server.status();
    if (!server.ok()) return;
    server_ = *std::move(server);
    stub_ = NewStub();
  }

  Server& server() { return *server_; }
  v1::Patchbay::Stub& stub() { return *stub_; }
  const std::string& folder() const { return folder_.path(); }

  // Over a connection of its own.
  std::unique_ptr<v1::Patchbay::Stub> NewStub() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return v1::Patchbay::NewStub(grpc::CreateCustomChannel(
        server_->address(), grpc::InsecureChannelCredentials(), arguments));
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::Patchbay::Stub> stub_;
};

}  // namespace patchbay::testing

#endif  // SERVER_TESTING_SERVER_H_
