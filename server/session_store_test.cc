#include "server/session_store.h"

#include <future>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/checkpoint.h"
#include "server/digest.h"
#include "server/protobuf_time.h"
#include "server/testing_call.h"

namespace patchbay {
namespace {

using ::testing::HasSubstr;

v1::SessionConfig Config(const std::string& text, absl::Duration lease = absl::Seconds(60)) {
  v1::SessionConfig config = testing::Config(text, /*num_channels=*/2);
  *config.mutable_lease() = ToProtoDuration(lease);
  return config;
}

class SessionStoreTest : public ::testing::Test {
 protected:
  WorkerPool pool_{1};
  Limits limits_;
};

TEST_F(SessionStoreTest, OwnersSeeOnlyTheirOwnSessions) {
  SessionStore store(limits_, pool_);
  const auto opened = store.Open(Config("gain()"), "alice");
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(store.List("alice").size(), 1u);
  EXPECT_TRUE(store.List("bob").empty());
  EXPECT_EQ(store.Find(opened->name, "bob").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store.Delete(opened->name, "bob").code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(store.Delete(opened->name, "alice").ok());
  EXPECT_EQ(store.Find(opened->name, "alice").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(SessionStoreTest, LimitsOnNumberAndMemory) {
  limits_.max_sessions = 2;
  limits_.max_total_bytes = 1 << 20;
  SessionStore store(limits_, pool_);
  EXPECT_EQ(store.Open(Config("delay(delay_seconds=5)"), "").status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(store.Open(Config("gain()"), "").ok());
  const auto second = store.Open(Config("gain()"), "");
  EXPECT_TRUE(second.ok());
  EXPECT_EQ(store.Open(Config("gain()"), "").status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(store.Delete(second->name, "").ok());
  EXPECT_TRUE(store.Open(Config("gain()"), "").ok());
}

TEST_F(SessionStoreTest, AnAttachedSessionWhoseClientIsSilentExpires) {
  SessionStore store(limits_, pool_);
  const auto opened = store.Open(Config("gain()", absl::Milliseconds(30)), "");
  ASSERT_TRUE(opened.ok());
  std::promise<void> expired;
  ASSERT_TRUE(store.Attach(opened->name, "", [&] { expired.set_value(); }).ok());
  EXPECT_EQ(store.Attach(opened->name, "", {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  expired.get_future().wait();
  EXPECT_EQ(store.Find(opened->name, "").status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(SessionStoreTest, LeasesHaveALimit) {
  SessionStore store(limits_, pool_);
  EXPECT_FALSE(store.Open(Config("gain()", absl::Hours(100)), "").ok());
  EXPECT_FALSE(store.Open(Config("gain()", absl::Seconds(-1)), "").ok());
}

TEST_F(SessionStoreTest, NothingNewWhileDraining) {
  SessionStore store(limits_, pool_);
  const auto opened = store.Open(Config("gain()"), "");
  ASSERT_TRUE(store.Attach(opened->name, "", {}).ok());
  store.StartDraining();
  EXPECT_EQ(store.Open(Config("gain()"), "").status().code(), absl::StatusCode::kUnavailable);
  auto drained = std::async([&] { store.WaitForStreams(std::chrono::milliseconds(60000)); });
  store.Detach(opened->name);
  EXPECT_EQ(store.num_streams(), 1) << "its client was not told yet";
  store.EndStream();
  drained.wait();
  EXPECT_EQ(store.num_streams(), 0);
}

TEST_F(SessionStoreTest, ACheckpointOfAnotherProcessorVersionIsRefused) {
  const auto session = Session::Open(Config("gain()"), limits_, pool_);
  const std::string checkpoint = *SaveCheckpoint(**session);
  EXPECT_TRUE(OpenCheckpoint(checkpoint, limits_, pool_).ok());
  // The same content under another version number, with a digest that fits.
  const absl::string_view bytes = absl::string_view(checkpoint).substr(40);
  internal::CheckpointContent content;
  ASSERT_TRUE(content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  (*content.mutable_processor_versions())["gain"] = 99;
  const std::string changed = content.SerializeAsString();
  EXPECT_THAT(std::string(OpenCheckpoint(checkpoint.substr(0, 8) + Sha256(changed) + changed,
                                         limits_, pool_)
                              .status()
                              .message()),
              HasSubstr("version 99 of gain"));
}

}  // namespace
}  // namespace patchbay
