#include "server/process_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/core/errors.h"
#include "server/catch_exceptions.h"
#include "server/grpc_status.h"
#include "spdlog/spdlog.h"

namespace patchbay {
namespace {

// Requests and replies held for one stream: enough to keep both directions busy.
constexpr size_t kMaxWork = 4;
constexpr size_t kMaxReplies = 4;
// A chunk this small, of a session this quick, is done in the reaction itself: handing it to
// another thread costs more than the work.
constexpr size_t kInlineBytes = 16 << 10;
constexpr int64_t kInlineNs = 100'000;
// After this long, other sessions' tasks get their turn.
constexpr int64_t kTurnNs = 2'000'000;
// Between two reports of progress.
constexpr int64_t kProgressNs = 200'000'000;

int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

grpc::ByteBuffer EncodeReady(const v1::Ready& ready) {
  v1::ProcessResponse response;
  *response.mutable_ready() = ready;
  return EncodeMessage(response);
}

}  // namespace

ProcessStream* ProcessStream::Start(grpc::CallbackServerContext* context, SessionStore& store,
                                    WorkerPool& pool, std::string owner) {
  std::shared_ptr<ProcessStream> stream(new ProcessStream(context, store, pool, std::move(owner)));
  stream->self_ = stream;
  const std::lock_guard lock(stream->mutex_);
  stream->ContinueReading();
  return stream.get();
}

ProcessStream::~ProcessStream() {
  if (session_ != nullptr && !has_let_go_) LetGo();
}

void ProcessStream::LetGo() {
  has_let_go_ = true;
  if (keep_session_) {
    session_->strand().Post([session = session_] { session->ReleaseScratch(); });
    store_.Detach(name_);
  } else {
    (void)store_.Delete(name_, owner_);  // Its lease may have ended before.
  }
}

void ProcessStream::OnReadDone(bool ok) {
  absl::StatusOr<Incoming<v1::ProcessRequest>> request = absl::CancelledError("half-closed");
  if (ok) request = DecodeRequest(&incoming_);
  bool small = false;
  {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (!ok) {
      half_closed_ = true;
      FailIfCutShort();
      return;
    }
    if (!request.ok()) return Fail(request.status());
    if (end_received_) return Fail(absl::InvalidArgumentError("a message came after end"));
    end_received_ = request->message.has_end();
    small = request->audio.has_value() && request->audio->num_bytes() <= kInlineBytes &&
            chunk_cost_ns_ <= kInlineNs;
    work_.push_back({.request = *std::move(request), .arrival_ns = NowNs()});
    ContinueReading();
    if (!ClaimPump()) return;
  }
  Dispatch(/*run_here=*/small);
}

void ProcessStream::OnWriteDone(bool ok) {
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (session_statistics_ != nullptr) {
      session_statistics_->transport_ns.fetch_add(NowNs() - replies_.front().ready_ns,
                                                  std::memory_order_relaxed);
    }
    replies_.pop_front();
    if (!ok) Fail(absl::CancelledError("the client is gone"));
    ContinueWriting();
    FinishIfIdle();
    if (!ClaimPump()) return;
  }
  Dispatch(/*run_here=*/false);
}

void ProcessStream::OnCancel() {
  const std::lock_guard lock(mutex_);
  Fail(absl::CancelledError("the call was cancelled"));
}

void ProcessStream::OnDone() { const std::shared_ptr<ProcessStream> last = std::move(self_); }

bool ProcessStream::ClaimPump() {
  if (pumping_ || failed_ || work_.empty() || replies_.size() >= kMaxReplies) return false;
  pumping_ = true;
  return true;
}

void ProcessStream::Dispatch(bool run_here) {
  auto pump = [self = shared_from_this()] { self->Pump(); };
  std::shared_ptr<Strand> strand;
  {
    const std::lock_guard lock(mutex_);
    strand = strand_;
  }
  if (strand == nullptr) {
    pool_.Post(std::move(pump));
  } else if (run_here) {
    strand->RunOrPost(std::move(pump));
  } else {
    strand->Post(std::move(pump));
  }
}

void ProcessStream::Pump() {
  const int64_t turn_start = NowNs();
  while (true) {
    Work* work = nullptr;
    {
      const std::lock_guard lock(mutex_);
      pumping_ = false;
      if (!ClaimPump()) return;
      work = &work_.front();  // stays there: others only append
    }
    const bool opens = session_ == nullptr;
    Session::Replies replies;
    bool done = false;
    const int64_t start = NowNs();
    const absl::Status status = CatchExceptions([&] { return Do(*work, done, replies); });
    const int64_t end = NowNs();
    if (session_ != nullptr && work->request.audio.has_value()) {
      SessionStatistics& statistics = session_->statistics();
      statistics.chunks.fetch_add(1, std::memory_order_relaxed);
      statistics.queue_ns.fetch_add(start - work->arrival_ns, std::memory_order_relaxed);
    }
    if (session_ != nullptr && !opens) {
      session_->statistics().compute_ns.fetch_add(end - start, std::memory_order_relaxed);
    }
    {
      const std::lock_guard lock(mutex_);
      if (session_ != nullptr) session_statistics_ = &session_->statistics();
      for (grpc::ByteBuffer& reply : replies) replies_.push_back({std::move(reply), end});
      chunk_cost_ns_ = std::max(end - start, chunk_cost_ns_ * 7 / 8);
      if (!status.ok()) {
        Fail(status);
      } else if (done) {
        ending_ = work->request.message.has_end();
        work_.pop_front();
        ContinueReading();
        FailIfCutShort();
      }
      ContinueWriting();
      FinishIfIdle();
      // The session has a strand of its own now; or others wait for this thread.
      if (!opens && end - turn_start < kTurnNs) continue;
      if (opens && session_ != nullptr) strand_ = session_->strand().shared_from_this();
      pumping_ = false;
      if (!ClaimPump()) return;
    }
    return Dispatch(/*run_here=*/false);
  }
}

absl::Status ProcessStream::Open(const v1::ProcessRequest& request, Session::Replies& replies) {
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
  const auto on_expiry = [weak = weak_from_this()] {
    if (const std::shared_ptr<ProcessStream> stream = weak.lock()) stream->Expire();
  };
  PATCHBAY_ASSIGN_OR_RETURN(session_, store_.Attach(name_, owner_, on_expiry));
  session_->set_progress([this](const NodeWork& work) { return Report(work); });
  received_before_ = session_->total_received();
  sent_before_ = session_->total_sent();
  replies.push_back(EncodeReady(session_->MakeReady(name_)));
  return absl::OkStatus();
}

absl::Status ProcessStream::Report(const NodeWork& node_work) {
  const std::lock_guard lock(mutex_);
  if (failed_) return status_;
  const int64_t now = NowNs();
  // While audio comes and goes, that tells enough.
  const bool is_long = !work_.empty() && work_.front().request.message.has_flush();
  if (!is_long || now - last_progress_ns_ < kProgressNs || replies_.size() >= kMaxReplies) {
    return absl::OkStatus();
  }
  last_progress_ns_ = now;
  v1::ProcessResponse response;
  v1::Progress& progress = *response.mutable_progress();
  progress.set_node(node_work.node);
  if (node_work.fraction.has_value()) progress.set_fraction(*node_work.fraction);
  progress.set_frames(node_work.frames);
  replies_.push_back({EncodeMessage(response), now});
  ContinueWriting();
  return absl::OkStatus();
}

void ProcessStream::Expire() {
  const std::lock_guard lock(mutex_);
  Fail(absl::DeadlineExceededError(
      "nothing came for as long as the session's lease: send audio in time, or ask for a longer "
      "lease"));
  // A client that does not read either would keep the write, and so the session, for ever.
  if (!finished_) context_->TryCancel();
}

absl::Status ProcessStream::Do(Work& work, bool& done, Session::Replies& replies) {
  done = true;
  const v1::ProcessRequest& request = work.request.message;
  if (session_ == nullptr) return Open(request, replies);
  session_->Touch();
  if (work.request.audio.has_value()) return session_->TakeAudio(*work.request.audio, replies);
  v1::ProcessResponse response;
  switch (request.kind_case()) {
    case v1::ProcessRequest::kControl:
      return session_->SetControl(request.control());
    case v1::ProcessRequest::kPull:
      if (!work.started) work.remaining_frames = request.pull().num_frames();
      if (work.remaining_frames < 1 && !work.started) {
        return InvalidArgument(
            absl::StrCat("pull.num_frames = ", work.remaining_frames, ": ask for 1 or more"),
            {.path = "pull.num_frames"});
      }
      work.started = true;
      PATCHBAY_RETURN_IF_ERROR(session_->PullChunk(work.remaining_frames, replies));
      done = work.remaining_frames <= 0;
      return absl::OkStatus();
    case v1::ProcessRequest::kFlush: {
      PATCHBAY_ASSIGN_OR_RETURN(done, session_->FlushChunk(replies));
      return absl::OkStatus();
    }
    case v1::ProcessRequest::kReset:
      PATCHBAY_RETURN_IF_ERROR(session_->Reset());
      response.mutable_reset();
      replies.push_back(EncodeMessage(response));
      return absl::OkStatus();
    case v1::ProcessRequest::kEnd: {
      PATCHBAY_RETURN_IF_ERROR(CheckEnd(request.end()));
      const std::vector<int64_t>& sent = session_->total_sent();
      for (size_t i = 0; i < sent.size(); ++i) {
        // Outputs that were pending have sent nothing before.
        const int64_t before = i < sent_before_.size() ? sent_before_[i] : 0;
        response.mutable_end()->add_frames(sent[i] - before);
      }
      *response.mutable_end()->mutable_report() = session_->MakeReport();
      replies.push_back(EncodeMessage(response));
      if (keep_session_) LetGo();  // whoever reads this may attach again at once
      return absl::OkStatus();
    }
    case v1::ProcessRequest::kOpen:
    case v1::ProcessRequest::kAttach:
      return absl::InvalidArgumentError("the session is open already");
    default:
      return absl::InvalidArgumentError("a message of the stream is empty or of an unknown kind");
  }
}

absl::Status ProcessStream::CheckEnd(const v1::End& end) const {
  std::vector<int64_t> received = session_->total_received();
  for (size_t i = 0; i < received.size(); ++i) received[i] -= received_before_[i];
  if (std::ranges::equal(received, end.frames())) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("end says that [", absl::StrJoin(end.frames(), ", "),
                                          "] frames were sent and [", absl::StrJoin(received, ", "),
                                          "] arrived"));
}

void ProcessStream::ContinueReading() {
  if (reading_ || half_closed_ || failed_ || work_.size() >= kMaxWork) return;
  reading_ = true;
  StartRead(&incoming_);
}

void ProcessStream::ContinueWriting() {
  if (writing_ || failed_ || replies_.empty()) return;
  writing_ = true;
  StartWrite(&replies_.front().buffer);
}

void ProcessStream::Fail(const absl::Status& status) {
  if (failed_ || finished_) return;
  failed_ = true;
  status_ = status;
  FinishIfIdle();
}

void ProcessStream::FailIfCutShort() {
  // What came before is worked off first: its own errors say more.
  if (!half_closed_ || end_received_ || !work_.empty()) return;
  Fail(absl::DataLossError(
      "the stream closed without end: what came before may be incomplete; send end last"));
}

void ProcessStream::LogEnd() const {
  const bool is_routine = !failed_ || absl::IsCancelled(status_);
  const auto level = is_routine ? spdlog::level::debug : spdlog::level::info;
  if (!spdlog::should_log(level)) return;
  const auto milliseconds = [](const std::atomic<int64_t>& ns) {
    return static_cast<double>(ns.load(std::memory_order_relaxed)) / 1e6;
  };
  const SessionStatistics none;
  const SessionStatistics& s = session_statistics_ != nullptr ? *session_statistics_ : none;
  spdlog::log(level,
              "stream_ended status={} message=\"{}\" frames={} queue_ms={:.3f} compute_ms={:.3f} "
              "transport_ms={:.3f}",
              absl::StatusCodeToString(status_.code()), absl::CEscape(status_.message()),
              s.frames.load(std::memory_order_relaxed), milliseconds(s.queue_ns),
              milliseconds(s.compute_ns), milliseconds(s.transport_ns));
}

void ProcessStream::FinishIfIdle() {
  if (finished_ || writing_) return;
  if (!failed_ && !(ending_ && replies_.empty())) return;
  finished_ = true;
  LogEnd();
  Finish(failed_ ? ToGrpcStatus(status_) : grpc::Status::OK);
}

}  // namespace patchbay
