#ifndef SERVER_PATCHBAY_SERVICE_H_
#define SERVER_PATCHBAY_SERVICE_H_

#include "patchbay/v1/patchbay.grpc.pb.h"
#include "server/limits.h"
#include "server/session_store.h"
#include "server/worker_pool.h"

namespace patchbay {

// Process takes and gives raw buffers: a broken message can then be told from the end of the
// stream, and samples are neither parsed nor copied by protobuf.
using PatchbayServiceBase = v1::Patchbay::WithRawCallbackMethod_Process<
    v1::Patchbay::WithCallbackMethod_ListProcessors<v1::Patchbay::WithCallbackMethod_GetProcessor<
        v1::Patchbay::WithCallbackMethod_ValidateDescription<
            v1::Patchbay::WithCallbackMethod_ProcessClips<
                v1::Patchbay::WithCallbackMethod_CreateSession<
                    v1::Patchbay::WithCallbackMethod_GetSession<
                        v1::Patchbay::WithCallbackMethod_ListSessions<
                            v1::Patchbay::WithCallbackMethod_DeleteSession<
                                v1::Patchbay::WithCallbackMethod_CheckpointSession<
                                    v1::Patchbay::Service>>>>>>>>>>;

// The RPCs: each decodes, calls, translates. What may take long runs on the pool.
class PatchbayService final : public PatchbayServiceBase {
 public:
  // All must outlive the service.
  PatchbayService(const Limits& limits, SessionStore& sessions, WorkerPool& pool)
      : limits_(limits), sessions_(sessions), pool_(pool) {}

  grpc::ServerUnaryReactor* ListProcessors(grpc::CallbackServerContext* context,
                                           const v1::ListProcessorsRequest* request,
                                           v1::ListProcessorsResponse* response) override;
  grpc::ServerUnaryReactor* GetProcessor(grpc::CallbackServerContext* context,
                                         const v1::GetProcessorRequest* request,
                                         v1::ProcessorSpec* response) override;
  grpc::ServerUnaryReactor* ValidateDescription(grpc::CallbackServerContext* context,
                                                const v1::ValidateDescriptionRequest* request,
                                                v1::ValidateDescriptionResponse* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Process(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ProcessClips(grpc::CallbackServerContext* context,
                                         const v1::ProcessClipsRequest* request,
                                         v1::ProcessClipsResponse* response) override;
  grpc::ServerUnaryReactor* CreateSession(grpc::CallbackServerContext* context,
                                          const v1::CreateSessionRequest* request,
                                          v1::Session* response) override;
  grpc::ServerUnaryReactor* GetSession(grpc::CallbackServerContext* context,
                                       const v1::GetSessionRequest* request,
                                       v1::Session* response) override;
  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context,
                                         const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteSession(grpc::CallbackServerContext* context,
                                          const v1::DeleteSessionRequest* request,
                                          google::protobuf::Empty* response) override;
  grpc::ServerUnaryReactor* CheckpointSession(grpc::CallbackServerContext* context,
                                              const v1::CheckpointSessionRequest* request,
                                              v1::CheckpointSessionResponse* response) override;

 private:
  const Limits& limits_;
  SessionStore& sessions_;
  WorkerPool& pool_;
};

}  // namespace patchbay

#endif  // SERVER_PATCHBAY_SERVICE_H_
