#ifndef SERVER_SESSION_STORE_H_
#define SERVER_SESSION_STORE_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/session.h"

namespace patchbay {

// The server's sessions by name, with their leases. A session that nobody is attached to is freed
// when its lease ends; an attached one when nothing has come from its client for that long.
// Thread-safe.
class SessionStore {
 public:
  SessionStore(const Limits& limits, WorkerPool& pool);
  ~SessionStore();

  // Opens a session for `owner`, who alone sees it. UNAVAILABLE while draining;
  // RESOURCE_EXHAUSTED beyond the limits; what ResolveConfig and OpenCheckpoint say.
  struct Opened {
    std::string name;
    std::shared_ptr<Session> session;
  };
  absl::StatusOr<Opened> Open(const v1::SessionConfig& config, const std::string& owner);

  // Takes a session for one stream until Detach; then the stream has still to tell its client, up
  // to EndStream. NOT_FOUND; FAILED_PRECONDITION if another stream has it; DEADLINE_EXCEEDED if its
  // lease has ended. `on_expiry` is called, from another thread, if the lease ends while it is
  // attached; after that the session is gone.
  absl::StatusOr<std::shared_ptr<Session>> Attach(const std::string& name, const std::string& owner,
                                                  std::function<void()> on_expiry);
  void Detach(const std::string& name);
  void EndStream();

  absl::StatusOr<std::shared_ptr<Session>> Find(const std::string& name, const std::string& owner);
  // An attached session goes on until its stream ends.
  absl::Status Delete(const std::string& name, const std::string& owner);

  absl::StatusOr<v1::Session> Describe(const std::string& name, const std::string& owner);
  std::vector<v1::Session> List(const std::string& owner);  // by name

  // No new sessions from now on.
  void StartDraining();
  int num_streams();
  // Returns once every stream that took a session has ended, or after `timeout`.
  void WaitForStreams(std::chrono::milliseconds timeout);

 private:
  struct Entry {
    std::shared_ptr<Session> session;
    std::string owner;
    absl::Time created;
    absl::Duration lease;
    bool attached = false;
    std::function<void()> on_expiry;
  };
  using Entries = std::map<std::string, Entry>;

  absl::StatusOr<Entries::iterator> FindEntry(const std::string& name, const std::string& owner);
  absl::StatusOr<absl::Duration> LeaseOf(const v1::SessionConfig& config) const;
  absl::Status Admit(int64_t bytes) const;
  static v1::Session ToProto(const std::string& name, const Entry& entry);
  void Erase(Entries::iterator entry);
  void Reap();

  const Limits limits_;
  WorkerPool& pool_;
  std::mutex mutex_;
  std::condition_variable wake_;  // the reaper
  std::condition_variable stream_ended_;
  Entries entries_;
  std::deque<std::string> expired_;  // the latest, so that their owners learn what happened
  int64_t total_bytes_ = 0;
  int num_streams_ = 0;
  bool draining_ = false;
  bool stopping_ = false;
  std::thread reaper_;
};

}  // namespace patchbay

#endif  // SERVER_SESSION_STORE_H_
