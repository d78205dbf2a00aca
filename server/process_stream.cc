#include "server/process_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
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

}  // namespace

ProcessStream* ProcessStream::Start(grpc::CallbackServerContext* context, SessionStore& store,
                                    WorkerPool& pool, std::string owner) {
  std::shared_ptr<ProcessStream> stream(new ProcessStream(context, store, pool, std::move(owner)));
  stream->self_ = stream;
  const std::lock_guard lock(stream->mutex_);
  stream->ContinueReading();
  return stream.get();
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
    Attachment::Work* work = nullptr;
    {
      const std::lock_guard lock(mutex_);
      pumping_ = false;
      if (!ClaimPump()) return FinishIfIdle();
      work = &work_.front();  // stays there: others only append
    }
    const bool opens = attachment_.session() == nullptr;
    Session::Replies replies;
    bool done = false;
    const int64_t start = NowNs();
    const absl::Status status = CatchExceptions([&] { return Do(*work, done, replies); });
    const int64_t end = NowNs();
    Session* const session = attachment_.session();
    if (session != nullptr && work->request.audio.has_value()) {
      SessionStatistics& statistics = session->statistics();
      statistics.chunks.fetch_add(1, std::memory_order_relaxed);
      statistics.queue_ns.fetch_add(start - work->arrival_ns, std::memory_order_relaxed);
    }
    if (session != nullptr && !opens) {
      session->statistics().compute_ns.fetch_add(end - start, std::memory_order_relaxed);
    }
    {
      const std::lock_guard lock(mutex_);
      if (session != nullptr) session_statistics_ = &session->statistics();
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
      // The session has a strand of its own now; or others wait for this thread.
      if (!opens && end - turn_start < kTurnNs) continue;
      if (opens && session != nullptr) strand_ = session->strand().shared_from_this();
      pumping_ = false;
      if (!ClaimPump()) return FinishIfIdle();
    }
    return Dispatch(/*run_here=*/false);
  }
}

absl::Status ProcessStream::Do(Attachment::Work& work, bool& done, Session::Replies& replies) {
  if (attachment_.session() != nullptr) return attachment_.Do(work, done, replies);
  done = true;
  const auto on_expiry = [weak = weak_from_this()] {
    if (const std::shared_ptr<ProcessStream> stream = weak.lock()) stream->Expire();
  };
  return attachment_.Open(
      work.request.message, on_expiry, [this](const NodeWork& so_far) { return Report(so_far); },
      replies);
}

absl::Status ProcessStream::Report(const NodeWork& node_work) {
  const std::lock_guard lock(mutex_);
  if (failed_) return status_;
  const int64_t now = NowNs();
  // While audio comes and goes, that tells enough.
  const bool is_long = !node_work.node.empty() && !work_.empty() &&
                       work_.front().request.message.has_flush();
  if (!is_long || now - last_progress_ns_ < kProgressNs || replies_.size() >= kMaxReplies) {
    return absl::OkStatus();
  }
  last_progress_ns_ = now;
  v1::ProcessResponse response;
  v1::Progress& progress = *response.mutable_progress();
  progress.set_node(node_work.node);
  progress.set_fraction(node_work.fraction.value_or(0));
  progress.set_fraction_unknown(!node_work.fraction.has_value());
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
  if (finished_ || writing_ || pumping_) return;
  if (!failed_ && !(ending_ && replies_.empty())) return;
  finished_ = true;
  attachment_.Release();
  LogEnd();
  Finish(failed_ ? ToGrpcStatus(status_) : grpc::Status::OK);
}

}  // namespace patchbay
