#include "server/session_store.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "server/checkpoint.h"
#include "server/digest.h"
#include "server/protobuf_time.h"

namespace patchbay {
namespace {

constexpr int kNameBytes = 16;
constexpr size_t kRememberedExpiries = 1000;

}  // namespace

SessionStore::SessionStore(const Limits& limits, WorkerPool& pool)
    : limits_(limits), pool_(pool), reaper_([this] { Reap(); }) {}

SessionStore::~SessionStore() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  reaper_.join();
}

absl::StatusOr<absl::Duration> SessionStore::LeaseOf(const v1::SessionConfig& config) const {
  if (!config.has_lease()) return limits_.default_lease;
  const absl::Duration lease = FromProtoDuration(config.lease());
  if (lease <= absl::ZeroDuration() || lease > limits_.max_lease) {
    const std::string allowed = absl::StrCat("up to ", absl::FormatDuration(limits_.max_lease));
    return InvalidArgument(absl::StrCat("lease = ", absl::FormatDuration(lease),
                                        " is not allowed: it takes ", allowed),
                           {.path = "lease", .allowed = allowed});
  }
  return lease;
}

absl::Status SessionStore::Admit(int64_t bytes) const {
  if (draining_) {
    return absl::UnavailableError("the server is shutting down: use another one");
  }
  if (entries_.size() >= static_cast<size_t>(limits_.max_sessions)) {
    return absl::ResourceExhaustedError(absl::StrCat("the server holds ", limits_.max_sessions,
                                                     " sessions, its limit: delete some, or wait"));
  }
  if (total_bytes_ + bytes > limits_.max_total_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the session needs ", bytes, " bytes and all sessions together may have ",
                     limits_.max_total_bytes, ": delete some, or wait"));
  }
  return absl::OkStatus();
}

absl::StatusOr<SessionStore::Opened> SessionStore::Open(const v1::SessionConfig& config,
                                                        const std::string& owner) {
  PATCHBAY_ASSIGN_OR_RETURN(const absl::Duration lease, LeaseOf(config));
  {
    const std::lock_guard lock(mutex_);
    PATCHBAY_RETURN_IF_ERROR(Admit(0));
  }
  const bool restore = config.source_case() == v1::SessionConfig::kCheckpoint;
  PATCHBAY_ASSIGN_OR_RETURN(std::shared_ptr<Session> session,
                            restore ? OpenCheckpoint(config.checkpoint(), limits_, pool_)
                                    : Session::Open(config, limits_, pool_));
  const std::string name = absl::StrCat("sessions/", RandomName(kNameBytes));
  const absl::Time now = absl::Now();
  {
    const std::lock_guard lock(mutex_);
    PATCHBAY_RETURN_IF_ERROR(Admit(session->bytes()));
    total_bytes_ += session->bytes();
    entries_[name] = {.session = session, .owner = owner, .created = now, .lease = lease};
  }
  wake_.notify_all();
  return Opened{name, std::move(session)};
}

absl::StatusOr<SessionStore::Entries::iterator> SessionStore::FindEntry(const std::string& name,
                                                                        const std::string& owner) {
  const auto entry = entries_.find(name);
  // Somebody else's session does not exist, as far as this client can tell.
  if (entry != entries_.end() && entry->second.owner == owner) return entry;
  if (std::ranges::count(expired_, name) > 0) {
    return absl::DeadlineExceededError(
        absl::StrCat(name,
                     " was not used for as long as its lease and is gone: open another, with "
                     "a longer lease if need be"));
  }
  return absl::NotFoundError(absl::StrCat("there is no session '", name, "'"));
}

absl::StatusOr<std::shared_ptr<Session>> SessionStore::Attach(const std::string& name,
                                                              const std::string& owner,
                                                              std::function<void()> on_expiry) {
  const std::lock_guard lock(mutex_);
  if (draining_) {
    return absl::UnavailableError("the server is shutting down: use another one");
  }
  PATCHBAY_ASSIGN_OR_RETURN(const auto found, FindEntry(name, owner));
  Entry& entry = found->second;
  if (entry.attached) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, " is in use by another stream: end that one first"));
  }
  entry.attached = true;
  ++num_streams_;
  entry.session->Touch();
  entry.on_expiry = std::move(on_expiry);
  return entry.session;
}

void SessionStore::Detach(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(name);
  if (entry == entries_.end()) return;
  entry->second.attached = false;
  entry->second.on_expiry = nullptr;
  entry->second.session->Touch();
}

void SessionStore::EndStream() {
  const std::lock_guard lock(mutex_);
  --num_streams_;
  stream_ended_.notify_all();
}

absl::StatusOr<std::shared_ptr<Session>> SessionStore::Find(const std::string& name,
                                                            const std::string& owner) {
  const std::lock_guard lock(mutex_);
  PATCHBAY_ASSIGN_OR_RETURN(const auto entry, FindEntry(name, owner));
  entry->second.session->Touch();
  return entry->second.session;
}

absl::Status SessionStore::Delete(const std::string& name, const std::string& owner) {
  const std::lock_guard lock(mutex_);
  PATCHBAY_ASSIGN_OR_RETURN(const auto entry, FindEntry(name, owner));
  Erase(entry);
  return absl::OkStatus();
}

void SessionStore::Erase(Entries::iterator entry) {
  total_bytes_ -= entry->second.session->bytes();
  entries_.erase(entry);
}

v1::Session SessionStore::ToProto(const std::string& name, const Entry& entry) {
  v1::Session session;
  session.set_name(name);
  session.set_text(entry.session->plan().text);
  *session.mutable_info() = entry.session->info();
  session.set_position_frames(entry.session->position_frames());
  session.set_attached(entry.attached);
  *session.mutable_create_time() = ToProtoTimestamp(entry.created);
  if (!entry.attached) {
    *session.mutable_expire_time() = ToProtoTimestamp(entry.session->last_used() + entry.lease);
  }
  *session.mutable_statistics() = entry.session->statistics().ToProto();
  return session;
}

absl::StatusOr<v1::Session> SessionStore::Describe(const std::string& name,
                                                   const std::string& owner) {
  const std::lock_guard lock(mutex_);
  PATCHBAY_ASSIGN_OR_RETURN(const auto entry, FindEntry(name, owner));
  entry->second.session->Touch();
  return ToProto(name, entry->second);
}

std::vector<v1::Session> SessionStore::List(const std::string& owner) {
  const std::lock_guard lock(mutex_);
  std::vector<v1::Session> sessions;
  for (const auto& [name, entry] : entries_) {
    if (entry.owner == owner) sessions.push_back(ToProto(name, entry));
  }
  return sessions;
}

void SessionStore::StartDraining() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
}

int SessionStore::num_streams() {
  const std::lock_guard lock(mutex_);
  return num_streams_;
}

void SessionStore::WaitForStreams(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  stream_ended_.wait_for(lock, timeout, [this] { return num_streams_ == 0; });
}

// Sleeps until the next lease ends.
void SessionStore::Reap() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const absl::Time now = absl::Now();
    absl::Time next = now + limits_.max_lease;
    std::vector<std::function<void()>> notices;
    std::vector<std::shared_ptr<Session>> dropped;  // destroyed outside the lock
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      const absl::Time end = entry->second.session->last_used() + entry->second.lease;
      if (end > now) {
        next = std::min(next, end);
        ++entry;
        continue;
      }
      expired_.push_back(entry->first);
      if (expired_.size() > kRememberedExpiries) expired_.pop_front();
      if (entry->second.on_expiry) notices.push_back(std::move(entry->second.on_expiry));
      dropped.push_back(entry->second.session);
      Erase(entry++);
    }
    if (!dropped.empty()) {
      lock.unlock();
      for (const auto& notice : notices) notice();
      dropped.clear();
      lock.lock();
      continue;
    }
    wake_.wait_for(lock, absl::ToChronoNanoseconds(next - now));
  }
}

}  // namespace patchbay
