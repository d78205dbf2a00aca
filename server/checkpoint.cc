#include "server/checkpoint.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "processors/core/errors.h"
#include "server/checkpoint.pb.h"
#include "server/digest.h"
#include "server/sample_codec.h"

namespace patchbay {
namespace {

constexpr absl::string_view kMagic = "PBCK";
constexpr uint32_t kFormatVersion = 1;
constexpr size_t kDigestBytes = 32;
constexpr size_t kHeaderBytes = 4 + sizeof(kFormatVersion) + kDigestBytes;

absl::Status CheckProcessorVersions(const internal::CheckpointContent& content) {
  for (const auto& [name, version] : content.processor_versions()) {
    PATCHBAY_ASSIGN_OR_RETURN(const ProcessorType* type, Registry::Global().Find(name));
    if (type->spec.version != version) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the checkpoint was saved with version ", version, " of ", name, " and this server has ",
          type->spec.version, ": open it on a server of the version that saved it"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<internal::CheckpointContent> Parse(absl::string_view checkpoint) {
  if (!absl::StartsWith(checkpoint, kMagic) || checkpoint.size() < kHeaderBytes) {
    return absl::InvalidArgumentError("this is not a checkpoint of a session");
  }
  uint32_t format = 0;
  std::memcpy(&format, checkpoint.data() + kMagic.size(), sizeof(format));
  if (format != kFormatVersion) {
    return absl::InvalidArgumentError(
        absl::StrCat("the checkpoint has format ", format, " and this server reads format ",
                     kFormatVersion, ": open it on a server of the version that saved it"));
  }
  const absl::string_view digest = checkpoint.substr(kMagic.size() + sizeof(format), kDigestBytes);
  const absl::string_view bytes = checkpoint.substr(kHeaderBytes);
  internal::CheckpointContent content;
  if (Sha256(bytes) != digest ||
      !content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("the checkpoint is damaged: save the session again");
  }
  return content;
}

}  // namespace

absl::StatusOr<std::string> SaveCheckpoint(Session& session) {
  const SessionPlan& plan = session.plan();
  internal::CheckpointContent content;
  if (plan.is_staged) {
    const auto is_cause = [&](int n) { return !plan.graph->nodes[n].streams(); };
    const std::string& name =
        plan.graph->nodes[*std::ranges::find_if(plan.graph->order, is_cause)].name;
    return absl::UnimplementedError(
        absl::StrCat(name,
                     " does not stream n frames in, n frames out, so this session cannot be "
                     "saved: save one of what comes before or after it"));
  }
  for (const Plan::Node& node : plan.plan->nodes) {
    if (!node.type->spec.checkpointable) {
      return absl::FailedPreconditionError(absl::StrCat(
          node.name, ": ", node.type->spec.name, " cannot be saved, so this session cannot"));
    }
    (*content.mutable_processor_versions())[node.type->spec.name] = node.type->spec.version;
  }
  v1::SessionConfig& config = *content.mutable_config();
  *config.mutable_description()->mutable_expression() = plan.expression;
  for (const v1::AudioFormat& input : plan.inputs) *config.add_inputs() = input;
  config.set_sample_rate_hz(plan.plan->sample_rate_hz);
  *config.mutable_options() = plan.options;
  config.mutable_input_names()->Assign(plan.input_names.begin(), plan.input_names.end());
  for (const auto& [name, clip] : plan.clips) {
    (*config.mutable_clips())[name] = EncodeClip(*clip, v1::SAMPLE_ENCODING_FLOAT32_PLANAR);
  }
  *content.mutable_state() = session.SaveState();

  std::string bytes;
  if (!content.SerializeToString(&bytes)) {
    return absl::ResourceExhaustedError("the session is too large to be saved");
  }
  std::string checkpoint(kMagic);
  checkpoint.append(reinterpret_cast<const char*>(&kFormatVersion), sizeof(kFormatVersion));
  checkpoint += Sha256(bytes);
  checkpoint += bytes;
  return checkpoint;
}

absl::StatusOr<std::shared_ptr<Session>> OpenCheckpoint(absl::string_view checkpoint,
                                                        const Limits& limits, WorkerPool& pool) {
  PATCHBAY_ASSIGN_OR_RETURN(const internal::CheckpointContent content, Parse(checkpoint));
  PATCHBAY_RETURN_IF_ERROR(CheckProcessorVersions(content));
  PATCHBAY_ASSIGN_OR_RETURN(std::shared_ptr<Session> session,
                            Session::Open(content.config(), limits, pool));
  PATCHBAY_RETURN_IF_ERROR(session->LoadState(content.state()));
  return session;
}

}  // namespace patchbay
