#include "server/patchbay_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "processors/graph/spec_proto.h"
#include "server/catch_exceptions.h"
#include "server/checkpoint.h"
#include "server/clip_runner.h"
#include "server/grpc_status.h"
#include "server/process_stream.h"
#include "server/session_plan.h"

namespace patchbay {
namespace {

constexpr int kMaxPageSize = 1000;

// Who calls: the identity of the client's certificate. Empty on a unix socket or without mutual
// TLS, where all clients are one.
std::string Owner(const grpc::CallbackServerContext& context) {
  std::string owner;
  for (const grpc::string_ref& part : context.auth_context()->GetPeerIdentity()) {
    absl::StrAppend(&owner, absl::string_view(part.data(), part.size()), "\n");
  }
  return owner;
}

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

// [first, last) of `total` that a page shows, and the token of the next. The token is a position.
struct Page {
  int first;
  int last;
  std::string next_token;
};

template <typename Request>
absl::StatusOr<Page> PageOf(const Request& request, int total) {
  int first = 0;
  if (!request.page_token().empty() &&
      (!absl::SimpleAtoi(request.page_token(), &first) || first < 0)) {
    return InvalidArgument(
        absl::StrCat("page_token '", request.page_token(), "' is not one that this server gave"),
        {.path = "page_token", .value = request.page_token()});
  }
  if (request.page_size() < 0) {
    return InvalidArgument(absl::StrCat("page_size = ", request.page_size(), " is negative"),
                           {.path = "page_size"});
  }
  const int size =
      request.page_size() == 0 ? kMaxPageSize : std::min(request.page_size(), kMaxPageSize);
  first = std::min(first, total);
  const int last = std::min(total, first + size);
  return Page{first, last, last < total ? absl::StrCat(last) : ""};
}

absl::Status FillProcessors(const v1::ListProcessorsRequest& request,
                            v1::ListProcessorsResponse* response) {
  const auto types = Registry::Global().All();
  PATCHBAY_ASSIGN_OR_RETURN(const Page page, PageOf(request, static_cast<int>(types.size())));
  for (int i = page.first; i < page.last; ++i) {
    *response->add_processors() = ToProto(types[i]->spec);
  }
  response->set_next_page_token(page.next_token);
  return absl::OkStatus();
}

absl::Status FillProcessor(const std::string& name, v1::ProcessorSpec* response) {
  const absl::StatusOr<const ProcessorType*> type = Registry::Global().Find(name);
  if (!type.ok()) return absl::NotFoundError(type.status().message());
  *response = ToProto((*type)->spec);
  return absl::OkStatus();
}

absl::Status FillValidation(const v1::SessionConfig& config, const Limits& limits,
                            v1::ValidateDescriptionResponse* response) {
  PATCHBAY_ASSIGN_OR_RETURN(const SessionPlan plan, ResolveConfig(config, limits));
  *response->mutable_info() = ToStreamInfo(plan, limits);
  response->set_text(plan.text);
  *response->mutable_expression() = plan.expression;
  return absl::OkStatus();
}

absl::Status FillCreated(SessionStore& sessions, const v1::SessionConfig& config,
                         const std::string& owner, v1::Session* response) {
  PATCHBAY_ASSIGN_OR_RETURN(const SessionStore::Opened opened, sessions.Open(config, owner));
  PATCHBAY_ASSIGN_OR_RETURN(*response, sessions.Describe(opened.name, owner));
  return absl::OkStatus();
}

absl::Status FillCheckpoint(Session& session, const Limits& limits,
                            v1::CheckpointSessionResponse* response) {
  PATCHBAY_ASSIGN_OR_RETURN(std::string checkpoint, SaveCheckpoint(session));
  if (checkpoint.size() > static_cast<size_t>(limits.max_message_bytes)) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the checkpoint has ", checkpoint.size(), " bytes and a message may have ",
        limits.max_message_bytes, ": run the server with a larger --max_message_bytes"));
  }
  response->set_checkpoint(std::move(checkpoint));
  return absl::OkStatus();
}

absl::Status FillSessions(const v1::ListSessionsRequest& request, std::vector<v1::Session> sessions,
                          v1::ListSessionsResponse* response) {
  PATCHBAY_ASSIGN_OR_RETURN(const Page page, PageOf(request, static_cast<int>(sessions.size())));
  for (int i = page.first; i < page.last; ++i) {
    *response->add_sessions() = std::move(sessions[i]);
  }
  response->set_next_page_token(page.next_token);
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* PatchbayService::ListProcessors(grpc::CallbackServerContext* context,
                                                          const v1::ListProcessorsRequest* request,
                                                          v1::ListProcessorsResponse* response) {
  return Finish(context, FillProcessors(*request, response));
}

grpc::ServerUnaryReactor* PatchbayService::GetProcessor(grpc::CallbackServerContext* context,
                                                        const v1::GetProcessorRequest* request,
                                                        v1::ProcessorSpec* response) {
  return Finish(context, FillProcessor(request->name(), response));
}

grpc::ServerUnaryReactor* PatchbayService::ValidateDescription(
    grpc::CallbackServerContext* context, const v1::ValidateDescriptionRequest* request,
    v1::ValidateDescriptionResponse* response) {
  return Finish(context, CatchExceptions(
                             [&] { return FillValidation(request->config(), limits_, response); }));
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* PatchbayService::Process(
    grpc::CallbackServerContext* context) {
  return ProcessStream::Start(context, sessions_, pool_, Owner(*context));
}

grpc::ServerUnaryReactor* PatchbayService::ProcessClips(grpc::CallbackServerContext* context,
                                                        const v1::ProcessClipsRequest* request,
                                                        v1::ProcessClipsResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  pool_.Post([=, this] {
    const auto cancelled = [context] { return context->IsCancelled(); };
    reactor->Finish(ToGrpcStatus(
        CatchExceptions([&] { return RunClips(*request, limits_, cancelled, response); })));
  });
  return reactor;
}

grpc::ServerUnaryReactor* PatchbayService::CreateSession(grpc::CallbackServerContext* context,
                                                         const v1::CreateSessionRequest* request,
                                                         v1::Session* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  pool_.Post([=, this, owner = Owner(*context)] {
    reactor->Finish(ToGrpcStatus(CatchExceptions(
        [&] { return FillCreated(sessions_, request->config(), owner, response); })));
  });
  return reactor;
}

grpc::ServerUnaryReactor* PatchbayService::GetSession(grpc::CallbackServerContext* context,
                                                      const v1::GetSessionRequest* request,
                                                      v1::Session* response) {
  absl::StatusOr<v1::Session> session = sessions_.Describe(request->name(), Owner(*context));
  if (session.ok()) *response = *std::move(session);
  return Finish(context, session.status());
}

grpc::ServerUnaryReactor* PatchbayService::ListSessions(grpc::CallbackServerContext* context,
                                                        const v1::ListSessionsRequest* request,
                                                        v1::ListSessionsResponse* response) {
  return Finish(context, FillSessions(*request, sessions_.List(Owner(*context)), response));
}

grpc::ServerUnaryReactor* PatchbayService::DeleteSession(grpc::CallbackServerContext* context,
                                                         const v1::DeleteSessionRequest* request,
                                                         google::protobuf::Empty* /*response*/) {
  return Finish(context, sessions_.Delete(request->name(), Owner(*context)));
}

grpc::ServerUnaryReactor* PatchbayService::CheckpointSession(
    grpc::CallbackServerContext* context, const v1::CheckpointSessionRequest* request,
    v1::CheckpointSessionResponse* response) {
  absl::StatusOr<std::shared_ptr<Session>> session =
      sessions_.Find(request->name(), Owner(*context));
  if (!session.ok()) return Finish(context, session.status());
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  (*session)->strand().Post([=, this, session = *session] {
    reactor->Finish(ToGrpcStatus(CatchExceptions(
        [&]() -> absl::Status { return FillCheckpoint(*session, limits_, response); })));
  });
  return reactor;
}

}  // namespace patchbay
