#include "server/attachment.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"

namespace patchbay {

absl::Status Attachment::Open(const v1::ProcessRequest& request, std::function<void()> on_expiry,
                              NodeProgress progress, Session::Replies& replies) {
  if (request.has_open()) {
    PATCHBAY_ASSIGN_OR_RETURN(const SessionStore::Opened opened,
                              store_.Open(request.open(), owner_));
    name_ = opened.name;
  } else if (!request.attach().empty()) {
    name_ = request.attach();
    keep_session_ = true;
  } else {
    return absl::InvalidArgumentError("the first message must be open or attach");
  }
  PATCHBAY_ASSIGN_OR_RETURN(session_, store_.Attach(name_, owner_, std::move(on_expiry)));
  is_attached_ = true;
  session_->set_progress(std::move(progress));
  received_before_ = session_->total_received();
  sent_before_ = session_->total_sent();
  v1::ProcessResponse response;
  *response.mutable_ready() = session_->MakeReady(name_);
  replies.push_back(EncodeMessage(response));
  return absl::OkStatus();
}

Attachment::~Attachment() {
  Release();
  if (session_ != nullptr) store_.EndStream();
}

void Attachment::Release() {
  if (!is_attached_) return;
  is_attached_ = false;
  if (keep_session_) {
    session_->strand().Post([session = session_] { session->ReleaseScratch(); });
    store_.Detach(name_);
  } else {
    (void)store_.Delete(name_, owner_);  // Its lease may have ended before.
  }
}

absl::Status Attachment::Do(Work& work, bool& done, Session::Replies& replies) {
  done = true;
  const v1::ProcessRequest& request = work.request.message;
  session_->Touch();
  if (work.request.audio.has_value()) return session_->TakeAudio(*work.request.audio, replies);
  switch (request.kind_case()) {
    case v1::ProcessRequest::kControl:
      return session_->SetControl(request.control());
    case v1::ProcessRequest::kPull:
      return Pull(work, done, replies);
    case v1::ProcessRequest::kFlush: {
      PATCHBAY_ASSIGN_OR_RETURN(done, session_->FlushChunk(replies));
      return absl::OkStatus();
    }
    case v1::ProcessRequest::kReset: {
      PATCHBAY_RETURN_IF_ERROR(session_->Reset());
      v1::ProcessResponse response;
      response.mutable_reset();
      replies.push_back(EncodeMessage(response));
      return absl::OkStatus();
    }
    case v1::ProcessRequest::kEnd:
      return End(request.end(), replies);
    case v1::ProcessRequest::kOpen:
    case v1::ProcessRequest::kAttach:
      return absl::InvalidArgumentError("the session is open already");
    default:
      return absl::InvalidArgumentError("a message of the stream is empty or of an unknown kind");
  }
}

absl::Status Attachment::Pull(Work& work, bool& done, Session::Replies& replies) {
  if (!work.started) {
    work.started = true;
    work.remaining_frames = work.request.message.pull().num_frames();
    if (work.remaining_frames < 1) {
      return InvalidArgument(
          absl::StrCat("pull.num_frames = ", work.remaining_frames, ": ask for 1 or more"),
          {.path = "pull.num_frames"});
    }
  }
  PATCHBAY_RETURN_IF_ERROR(session_->PullChunk(work.remaining_frames, replies));
  done = work.remaining_frames <= 0;
  return absl::OkStatus();
}

absl::Status Attachment::End(const v1::End& end, Session::Replies& replies) {
  PATCHBAY_RETURN_IF_ERROR(CheckEnd(end));
  v1::ProcessResponse response;
  const std::vector<int64_t>& sent = session_->total_sent();
  for (size_t i = 0; i < sent.size(); ++i) {
    // Outputs that were pending have sent nothing before.
    const int64_t before = i < sent_before_.size() ? sent_before_[i] : 0;
    response.mutable_end()->add_frames(sent[i] - before);
  }
  *response.mutable_end()->mutable_report() = session_->MakeReport();
  replies.push_back(EncodeMessage(response));
  Release();
  return absl::OkStatus();
}

absl::Status Attachment::CheckEnd(const v1::End& end) const {
  std::vector<int64_t> received = session_->total_received();
  for (size_t i = 0; i < received.size(); ++i) received[i] -= received_before_[i];
  if (std::ranges::equal(received, end.frames())) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("end says that [", absl::StrJoin(end.frames(), ", "),
                                          "] frames were sent and [", absl::StrJoin(received, ", "),
                                          "] arrived"));
}

}  // namespace patchbay
