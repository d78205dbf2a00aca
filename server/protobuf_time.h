#ifndef SERVER_PROTOBUF_TIME_H_
#define SERVER_PROTOBUF_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace patchbay {

inline google::protobuf::Duration ToProtoDuration(absl::Duration duration) {
  google::protobuf::Duration proto;
  proto.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  proto.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(duration)));
  return proto;
}

inline absl::Duration FromProtoDuration(const google::protobuf::Duration& proto) {
  return absl::Seconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
}

inline google::protobuf::Timestamp ToProtoTimestamp(absl::Time time) {
  const google::protobuf::Duration since = ToProtoDuration(time - absl::UnixEpoch());
  google::protobuf::Timestamp proto;
  proto.set_seconds(since.seconds());
  proto.set_nanos(since.nanos());
  return proto;
}

}  // namespace patchbay

#endif  // SERVER_PROTOBUF_TIME_H_
