#ifndef SERVER_ATTACHMENT_H_
#define SERVER_ATTACHMENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "proto/wire/audio_wire.h"
#include "server/session_store.h"

namespace patchbay {

// A session in the hands of one stream: opened or attached, told what to do, and let go. One call
// at a time.
class Attachment {
 public:
  // A request on its way through the session.
  struct Work {
    Incoming<v1::ProcessRequest> request;
    int64_t arrival_ns = 0;
    int64_t remaining_frames = 0;  // of a pull
    bool started = false;
  };

  Attachment(SessionStore& store, std::string owner) : store_(store), owner_(std::move(owner)) {}
  // Once the client was told how its stream ended.
  ~Attachment();

  // By the first request, which is of kind open or attach. `on_expiry` is called from another
  // thread if the session's lease ends.
  absl::Status Open(const v1::ProcessRequest& request, std::function<void()> on_expiry,
                    NodeProgress progress, Session::Replies& replies);

  // Null before. Of a session that was let go, only the statistics are of use.
  Session* session() const { return session_.get(); }

  // Does one chunk's worth, on the session's strand; sets `done` once nothing of the work is left.
  // The session is let go before the client can learn that its stream ends.
  absl::Status Do(Work& work, bool& done, Session::Replies& replies);

  // A session that was opened here is gone then; another can be attached by others at once.
  void Release();

 private:
  absl::Status Pull(Work& work, bool& done, Session::Replies& replies);
  absl::Status End(const v1::End& end, Session::Replies& replies);
  absl::Status CheckEnd(const v1::End& end) const;

  SessionStore& store_;
  const std::string owner_;
  std::shared_ptr<Session> session_;
  std::string name_;
  bool is_attached_ = false;
  bool keep_session_ = false;
  std::vector<int64_t> received_before_;  // this stream, per input
  std::vector<int64_t> sent_before_;      // per output
};

}  // namespace patchbay

#endif  // SERVER_ATTACHMENT_H_
